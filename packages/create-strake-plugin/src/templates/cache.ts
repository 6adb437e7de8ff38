import type { PluginName } from '../plugin-name';
import type { Template } from '../template';
import { VERSION } from '../version';

/** A cache strategy around another one. */
export function cache({ full, short, pascal }: PluginName): Template {
  return {
    summary: `The cache strategy ${short}`,
    dependencies: { '@strake/cache-content': `^${VERSION}` },
    readme: `## What it decides

What another strategy finds is reused, but for steps of the stages that it is told. Their results are recorded all the same, for others.

## Reasons

| reason of a miss | when |
| --- | --- |
| \`stage … is always made anew\` | the step is of such a stage |

## Example

\`\`\`ts
// strake.config.ts
import { createContentCache } from '@strake/cache-content';
import { defineConfig } from 'strake';
import { create${pascal}Cache } from '${full}';

export default defineConfig({ cache: ({ store }) => create${pascal}Cache(createContentCache(store), ['test']) });
\`\`\`
`,
    files: {
      'src/index.ts': `import type { CacheStrategy } from '@strake/api';

/** Another strategy, but for the steps of some stages: those are always made anew. */
export function create${pascal}Cache(inner: CacheStrategy, stages: readonly string[]): CacheStrategy {
  return {
    name: \`${short}(\${inner.name})\`,
    async lookup(query) {
      const { stage } = query.vertex.note;
      // What refuses a result says so: steps on what a program makes instead are made anew too.
      return stages.includes(stage) ? { hit: false, reason: \`stage \${stage} is always made anew\`, refused: true } : inner.lookup(query);
    },
    record: (query, result) => inner.record(query, result),
    begin: async (build, signal) => inner.begin?.(build, signal),
    end: async (build, outcome) => inner.end?.(build, outcome),
  };
}
`,
      'src/index.test.ts': `import { describe, test } from 'node:test';
import type { CacheResult, CacheStrategy } from '@strake/api';
import { cacheConformance } from '@strake/testing';
import { create${pascal}Cache } from './index';

/** A strategy that keeps its records in a map. */
function inMemory(records: Map<string, CacheResult>): CacheStrategy {
  return {
    name: 'memory',
    async lookup({ key }) {
      const found = records.get(key.digest);
      return found === undefined ? { hit: false, reason: 'never built' } : { hit: true, ...found };
    },
    record: async ({ key }, result) => void records.set(key.digest, result),
  };
}

const subject = (stages: readonly string[]) => async () => {
  const records = new Map<string, CacheResult>();
  return { open: async () => create${pascal}Cache(inMemory(records), stages), close: async () => undefined };
};

// The steps of these tests are of the stage "build".
describe('a stage that is not named', () => cacheConformance(subject(['other']), test));
describe('a stage that is', () => cacheConformance(subject(['build']), test, { keepsNothing: true }));
`,
      'example/Dockerfile': 'FROM scratch AS test\nCOPY Dockerfile /\n',
      'example/strake.config.ts': `import { createContentCache } from '@strake/cache-content';\nimport { defineConfig } from 'strake';\nimport { create${pascal}Cache } from '../src';\n\nexport default defineConfig({ cache: ({ store }) => create${pascal}Cache(createContentCache(store), ['test']) });\n`,
    },
  };
}
