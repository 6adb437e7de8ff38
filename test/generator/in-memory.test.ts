import { StrakeError, type Plugin } from '@strake/api';
import { createSimulator } from '@strake/backend-simulator';
import { createNoCache } from '@strake/cache-none';
import { createRegistry, lowerDockerfile, parseDockerfile, type LowerOptions } from '@strake/core';
import { parseReference } from '@strake/oci';
import { solve } from '@strake/solver';
import { defaultPlugins } from '../../packages/strake/src/builder/default-plugins';
import { growBrokenBuild } from './break-build';
import { dockerfileOf, type GeneratedBuild } from './generated-build';
import { growBuild } from './grow-build';
import { memoryBackend } from './memory-backend';

/** So many of each; `STRAKE_FUZZ_RUNS` for more. */
const runs = Number(process.env['STRAKE_FUZZ_RUNS'] ?? 2000);

const plugins: readonly Plugin[] = defaultPlugins;
const registry = plugins.reduce((all, plugin) => (all.use(plugin), all), createRegistry()).freeze();
const simulator = createSimulator(memoryBackend);
const signal = new AbortController().signal;
const platform = { os: 'linux', architecture: 'amd64' };

function optionsOf({ target, buildArgs, labels }: GeneratedBuild): LowerOptions {
  return {
    registry, buildArgs, labels, platform, signal,
    buildPlatform: platform,
    namedContexts: new Set(),
    resolveImage: (reference, wanted) => simulator.resolveImage(reference, wanted),
    checkReference: (reference) => void parseReference(reference),
    ...(target === undefined ? {} : { target }),
  };
}

/** Parse, check, lower and plan: the graph and what would run as text, or an error that is the Dockerfile's. */
async function planned(build: GeneratedBuild): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const graph = await lowerDockerfile(parseDockerfile(dockerfileOf(build), { file: 'Dockerfile', syntax: registry.syntax }), optionsOf(build));
    const ran: string[] = [];
    const session = await simulator.open({ contexts: new Map(), extraHosts: [], signal });
    await solve(graph, { session, cache: createNoCache(), signal, emit: (event) => void (event.type === 'started' && ran.push(event.vertex)) });
    return { ok: true, text: JSON.stringify([graph, ran.sort()]) };
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code === 'INTERNAL' || error.code === 'PLUGIN_INVALID') throw error;
    return { ok: false, text: `${error.range?.file}:${error.range?.start.line} ${error.message}` };
  }
}

it('plans random Dockerfiles, the same every time', async () => {
  let made = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    const build = growBuild(seed);
    const { ok, text } = await planned(build);
    if (ok) made += 1;
    if (seed % 10 === 0) expect((await planned(build)).text).toBe(text);
  }
  // A generator that only makes mistakes would test nothing.
  expect(made / runs).toBeGreaterThan(0.85);
}, 600_000);

it('refuses or plans random broken Dockerfiles, and does not break itself', async () => {
  let refused = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    const { ok, text } = await planned(growBrokenBuild(seed));
    if (!ok) {
      refused += 1;
      expect(text).toMatch(/^Dockerfile:\d+ |target stage/);
    }
  }
  expect(refused / runs).toBeGreaterThan(0.4);
}, 600_000);
