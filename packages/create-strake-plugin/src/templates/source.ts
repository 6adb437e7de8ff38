import type { PluginName } from '../plugin-name';
import type { Template } from '../template';

/** A source whose trees come from its reference. */
export function source({ full, short, camel }: PluginName): Template {
  return {
    summary: `The source ${short}`,
    readme: `## References

\`${short}://TEXT\` as a build context (\`strake build --build-context word=${short}://hello .\`) is a tree with one file, \`text\`, that holds TEXT.

## Identity

The digest of TEXT: the same text hits the cache.

## Diagnostics

| message | when |
| --- | --- |
| \`${short}: there is no text\` | the reference is empty |

## Example

\`\`\`ts
// strake.config.ts
import { defineConfig } from 'strake';
import { ${camel} } from '${full}';

export default defineConfig({ sources: [${camel}] });
\`\`\`
`,
    files: {
      'src/index.ts': `import { DockerfileError, type SourceProvider } from '@strake/api';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** \`${short}://TEXT\`: a tree with one file. */
export const ${camel}: SourceProvider = {
  scheme: '${short}',
  recognise: (reference) => (reference.startsWith('${short}://') ? { scheme: '${short}', reference: reference.slice('${short}://'.length) } : undefined),
  check({ reference }) {
    if (reference === '') throw new DockerfileError('INVALID_ARGUMENTS', '${short}: there is no text');
  },
  // What the source is now, by its content: a service would be asked for a version here.
  resolve: async (op) => ({ identity: \`sha256:\${createHash('sha256').update(op.reference).digest('hex')}\`, pinned: op }),
  fetch: async ({ reference }, directory) => writeFileSync(join(directory, 'text'), reference),
};
`,
      'src/index.test.ts': `import { deepStrictEqual, notStrictEqual, strictEqual, throws } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SourceOptions, SourceOp } from '@strake/api';
import { ${camel} } from './index';

const op = (reference: string): SourceOp => ({ type: 'source', scheme: '${short}', reference });
const options = (scratch: string): SourceOptions => ({ signal: new AbortController().signal, cacheDirectory: scratch, readonly: false, scratch, progress: () => undefined });

test('knows its references, and refuses an empty one', () => {
  deepStrictEqual(${camel}.recognise?.('${short}://hello'), { scheme: '${short}', reference: 'hello' });
  strictEqual(${camel}.recognise?.('https://example.test'), undefined);
  throws(() => ${camel}.check(op('')), { code: 'INVALID_ARGUMENTS' });
});

test('the same text is the same source, another is another', async () => {
  const identity = async (text: string) => (await ${camel}.resolve(op(text), options('/nowhere'))).identity;
  strictEqual(await identity('a'), await identity('a'));
  notStrictEqual(await identity('a'), await identity('b'));
});

test('brings what the reference says', async () => {
  const folder = mkdtempSync(join(tmpdir(), '${short}-'));
  await ${camel}.fetch(op('hello'), folder, options(folder));
  strictEqual(readFileSync(join(folder, 'text'), 'utf8'), 'hello');
  rmSync(folder, { recursive: true });
});
`,
      'example/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n',
      'example/strake.config.ts': `import { defineConfig } from 'strake';\nimport { ${camel} } from '../src';\n\nexport default defineConfig({ sources: [${camel}] });\n`,
    },
  };
}
