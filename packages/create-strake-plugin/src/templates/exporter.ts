import type { PluginName } from '../plugin-name';
import type { Template } from '../template';

/** An exporter that writes one small file. */
export function exporter({ full, short, camel }: PluginName): Template {
  return {
    summary: `The exporter ${short}`,
    readme: `## Attributes

\`--output type=${short},dest=FILE\` writes the image's digest, its names and the sizes of its layers as JSON. \`dest\` is required.

## Diagnostics

| message | when |
| --- | --- |
| \`--output type=${short} needs dest\` | there is none |
| \`--output type=${short} has no attribute …\` | another attribute is given |

## Example

\`\`\`ts
// strake.config.ts
import { defineConfig } from 'strake';
import { ${camel} } from '${full}';

export default defineConfig({ exporters: [${camel}] });
\`\`\`
`,
    files: {
      'src/index.ts': `import { OperatorError, type Exporter } from '@strake/api';
import { renameSync, writeFileSync } from 'node:fs';

/** \`type=${short},dest=FILE\`: digests and sizes as JSON. */
export const ${camel}: Exporter = {
  type: '${short}',
  summary: 'digests and sizes of the image as JSON',
  // Before anything runs: what is wrong shall cost no build.
  check(attributes) {
    const other = Object.keys(attributes).find((name) => name !== 'dest');
    if (other !== undefined) throw new OperatorError('USAGE', \`--output type=${short} has no attribute \${other}\`);
    if (!attributes['dest']) throw new OperatorError('USAGE', '--output type=${short} needs dest', { hint: 'type=${short},dest=FILE' });
  },
  async export({ images, names, attributes }) {
    const path = attributes['dest'] ?? '';
    const report = images.map(({ manifest, layers }) => ({ digest: manifest.digest, names, layers: layers.map(({ descriptor }) => descriptor.size) }));
    // Under another name first: nobody finds half of it.
    writeFileSync(\`\${path}.part\`, \`\${JSON.stringify(report, null, 2)}\\n\`);
    renameSync(\`\${path}.part\`, path);
    return { path };
  },
};
`,
      'src/index.test.ts': `import { deepStrictEqual, throws } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { randomImage } from '@strake/testing';
import { ${camel} } from './index';

test('writes what the image is', async () => {
  const folder = mkdtempSync(join(tmpdir(), '${short}-'));
  try {
    const [dest, image] = [join(folder, 'image.json'), randomImage({ seed: 1, layers: 2 })];
    const request = { images: [image], names: ['docker.io/library/app:1'], attributes: { dest }, signal: new AbortController().signal, progress: () => undefined };
    deepStrictEqual(await ${camel}.export(request), { path: dest });
    deepStrictEqual(JSON.parse(readFileSync(dest, 'utf8')), [{ digest: image.manifest.digest, names: request.names, layers: image.layers.map(({ descriptor }) => descriptor.size) }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('refuses what it does not know, before anything runs', () => {
  throws(() => ${camel}.check({}), { code: 'USAGE' });
  throws(() => ${camel}.check({ dest: 'x', tar: 'false' }), { code: 'USAGE' });
});
`,
      'example/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n',
      'example/strake.config.ts': `import { defineConfig } from 'strake';\nimport { ${camel} } from '../src';\n\nexport default defineConfig({ exporters: [${camel}] });\n`,
    },
  };
}
