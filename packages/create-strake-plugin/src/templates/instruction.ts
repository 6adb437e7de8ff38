import type { PluginName } from '../plugin-name';
import type { Template } from '../template';

/** An instruction with a flag. */
export function instruction({ full, short, camel, keyword }: PluginName): Template {
  return {
    summary: `The Dockerfile instruction ${keyword}`,
    readme: `## Syntax

\`${keyword} [--mode=MODE] TEXT\` writes TEXT to \`/etc/${short}\`. Variables are expanded. MODE is octal; 644 by default.

## Lowers to

One \`mkfile\` op: one layer with one file.

## Cache key

The text, its variables expanded, and the mode.

## Diagnostics

| message | when |
| --- | --- |
| \`not an octal mode: …\` | \`--mode\` is something else than three or four octal digits |

## Example

\`\`\`dockerfile
FROM scratch
ARG NAME=world
${keyword} --mode=600 Hello, $NAME!
\`\`\`

\`\`\`ts
// strake.config.ts
import { defineConfig } from 'strake';
import { ${camel} } from '${full}';

export default defineConfig({ plugins: [${camel}] });
\`\`\`
`,
    files: {
      'src/index.ts': `import { defineInstruction } from '@strake/api';

/** \`${keyword} [--mode=MODE] TEXT\`: writes a text to /etc/${short}. */
export const ${camel} = defineInstruction({
  keyword: '${keyword}',
  summary: 'writes a text to /etc/${short}',
  flags: {
    mode: { type: 'string', summary: 'octal permissions of the file', check: (value) => (/^[0-7]{3,4}$/.test(value) ? undefined : \`not an octal mode: \${value}\`) },
  },
  args: { kind: 'raw', expand: 'word' },
  // Pure: it says what the instruction amounts to, and does nothing.
  lower: ({ args, flags }) => ({
    ops: [{ type: 'mkfile', path: '/etc/${short}', content: \`\${args}\\n\`, mode: Number.parseInt(flags.mode ?? '644', 8) }],
  }),
});
`,
      'src/index.test.ts': `import { test } from 'node:test';
import { instructionTest } from '@strake/testing';
import { ${camel} } from './index';

const file = (content: string, mode = 0o644) => ({ ops: [{ type: 'mkfile', path: '/etc/${short}', content, mode }] as const });

instructionTest(${camel}, {
  lowers: [
    { text: '${keyword} Hello!', expected: file('Hello!\\n') },
    { name: 'variables are expanded', text: '${keyword} Hello, $NAME!', stage: { env: ['NAME=you'] }, expected: file('Hello, you!\\n') },
    { text: '${keyword} --mode=600 Hello!', expected: file('Hello!\\n', 0o600) },
  ],
  refuses: [
    { text: '${keyword} --mode=rw Hello!', code: 'INVALID_FLAG', message: 'not an octal mode: rw', at: '1:${keyword.length + 2}' },
  ],
}, test);
`,
      'example/Dockerfile': `FROM scratch\nARG NAME=world\n${keyword} --mode=600 Hello, $NAME!\n`,
      'example/strake.config.ts': `import { defineConfig } from 'strake';\nimport { ${camel} } from '../src';\n\nexport default defineConfig({ plugins: [${camel}] });\n`,
    },
  };
}
