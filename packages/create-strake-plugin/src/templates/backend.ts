import type { PluginName } from '../plugin-name';
import type { Template } from '../template';
import { VERSION } from '../version';

/** A backend around another one. */
export function backend({ full, short, pascal }: PluginName): Template {
  return {
    summary: `The backend ${short}`,
    dependencies: { '@strake/backend-embedded': `^${VERSION}` },
    readme: `## What it does

All that the backend does which it is given; each step that is applied is told to a function, with the time that it took.

## Capabilities

Those of the backend that it is given.

## Example

\`\`\`ts
// strake.config.ts
import { createEmbeddedBackend } from '@strake/backend-embedded';
import { defineConfig } from 'strake';
import { create${pascal}Backend } from '${full}';

export default defineConfig({ backend: ({ store }) => create${pascal}Backend(createEmbeddedBackend({ store, env: process.env }), () => undefined) });
\`\`\`
`,
    files: {
      'src/index.ts': `import type { Backend, BackendSession } from '@strake/api';

/** Hears of a step that was applied: its name for people, and how long it took. */
export type OnStep = (name: string, milliseconds: number) => void;

/** Another backend, whose steps are told to a function. */
export function create${pascal}Backend(inner: Backend, onStep: OnStep): Backend {
  return {
    name: '${short}',
    capabilities: inner.capabilities,
    resolveImage: (reference, platform) => inner.resolveImage(reference, platform),
    open: async (options) => session(await inner.open(options), onStep),
  };
}

function session(inner: BackendSession, onStep: OnStep): BackendSession {
  return {
    sourceDigest: (op, options) => inner.sourceDigest(op, options),
    source: (op, options) => inner.source(op, options),
    select: (op, input) => inner.select(op, input),
    async apply(vertex, parent, inputs, options) {
      const begun = performance.now();
      const snapshot = await inner.apply(vertex, parent, inputs, options);
      onStep(vertex.note.name, performance.now() - begun);
      return snapshot;
    },
    has: (snapshot) => inner.has(snapshot),
    image: (result, root) => inner.image(result, root),
    ...(inner.archive === undefined ? {} : { archive: inner.archive.bind(inner) }),
    close: () => inner.close(),
  };
}
`,
      'src/index.test.ts': `import { deepStrictEqual } from 'node:assert';
import { describe, test } from 'node:test';
import { backendConformance, createMemoryBackend } from '@strake/testing';
import { build } from 'strake';
import { create${pascal}Backend } from './index';

const base = 'example.test/base:1';
const memory = () => createMemoryBackend({ images: { [base]: { files: { 'bin/sh': '#!' } } } });

describe('it holds to the laws of backends', () => {
  backendConformance(async () => ({ backend: create${pascal}Backend(memory(), () => undefined), base, close: async () => undefined }), test, { runsNothing: true });
});

test('it tells of each step', async () => {
  const steps: string[] = [];
  const dockerfile = { name: 'Dockerfile', text: 'FROM scratch\\nWORKDIR /app\\n' };
  await build({ context: { files: {} }, dockerfile, config: { backend: () => create${pascal}Backend(memory(), (name) => steps.push(name)), cache: 'none' } });
  deepStrictEqual(steps, ['[1/1] WORKDIR /app']);
});
`,
      'example/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n',
      'example/strake.config.ts': `import { createEmbeddedBackend } from '@strake/backend-embedded';\nimport { defineConfig } from 'strake';\nimport { create${pascal}Backend } from '../src';\n\nexport default defineConfig({ backend: ({ store }) => create${pascal}Backend(createEmbeddedBackend({ store, env: process.env }), () => undefined) });\n`,
    },
  };
}
