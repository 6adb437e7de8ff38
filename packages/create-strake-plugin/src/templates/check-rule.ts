import type { PluginName } from '../plugin-name';
import type { Template } from '../template';

/** A check rule that looks at one kind of instruction. */
export function checkRule({ full, camel, pascal }: PluginName): Template {
  return {
    summary: `The check rule ${pascal} for Dockerfiles`,
    readme: `## Why

A base image without a tag is another one tomorrow.

## Violates

\`\`\`dockerfile
FROM debian
\`\`\`

## Keeps

\`\`\`dockerfile
FROM debian:12
\`\`\`

## Example

\`\`\`ts
// strake.config.ts
import { defineConfig } from 'strake';
import { ${camel} } from '${full}';

export default defineConfig({ plugins: [${camel}] });
\`\`\`
`,
    files: {
      'src/index.ts': `import { defineRule, wordsOf } from '@strake/api';

/** Says which base images have neither a tag nor a digest. */
export const ${camel} = defineRule({
  name: '${pascal}',
  description: 'Base images should have a tag or a digest',
  stage({ node, base, image, parent }) {
    if (image === undefined || parent !== undefined || /[:@][^/]+$/.test(base)) return [];
    return [{ message: \`\${base} is another image whenever its publisher wants\`, range: wordsOf(node)[0]?.range ?? node.range, hint: 'write a version' }];
  },
});
`,
      'src/index.test.ts': `import { test } from 'node:test';
import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { ${camel} } from './index';

ruleTest(${camel}, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM debian', images: { debian: {} }, expected: ['1:6 debian is another image whenever its publisher wants'] },
    { text: 'FROM debian:12', images: { 'debian:12': {} }, expected: [] },
    { text: 'FROM scratch', expected: [] },
  ],
}, test);
`,
      'example/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n',
      'example/strake.config.ts': `import { defineConfig } from 'strake';\nimport { ${camel} } from '../src';\n\nexport default defineConfig({ plugins: [${camel}] });\n`,
    },
  };
}
