import { StrakeError } from '@strake/api';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder, formatError, type Builder } from 'strake';
import { growBrokenBuild } from './break-build';
import { dockerfileOf, type GeneratedBuild } from './generated-build';
import { growBuild } from './grow-build';
import { memoryBackend } from './memory-backend';

/** So many of each; `STRAKE_FUZZ_RUNS` for more. */
const runs = Number(process.env['STRAKE_FUZZ_RUNS'] ?? 400);

let folder = '';
let builder: Builder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'generator-'));
  builder = await createBuilder({ backend: () => memoryBackend, cache: 'none', store: join(folder, 'store'), cwd: folder });
});
afterAll(async () => {
  await builder.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Parse, check, lower and plan: text of the plan, or of an error that is the Dockerfile's. */
async function planned(build: GeneratedBuild): Promise<{ readonly ok: boolean; readonly text: string }> {
  const { target, buildArgs, labels } = build;
  try {
    const plan = await builder.plan({ context: '.', dockerfile: { text: dockerfileOf(build), name: 'Dockerfile' }, buildArgs, labels, ...(target === undefined ? {} : { target }) });
    return { ok: true, text: JSON.stringify(plan) };
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code === 'INTERNAL' || error.code === 'PLUGIN_INVALID') throw error;
    return { ok: false, text: formatError(error) };
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
      expect(text).toMatch(/Dockerfile:\d+:\d+: |target stage/);
    }
  }
  expect(refused / runs).toBeGreaterThan(0.4);
}, 600_000);
