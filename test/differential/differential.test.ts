import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeBases } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { chooseReference, startBuilder } from '../builders/reference-builder';
import { startStrake, strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { buildCase, type CaseResult } from './build-case';
import { listCases, prepareCase, type DifferentialCase } from './cases';
import { compareResults } from './compare-results';
import { unexplained } from './intended';
import { keptResult } from './kept-results';

const reference = chooseReference();
const unmet = unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar', 'xz', 'bzip2', 'zstd'] }) ?? ('unmet' in reference ? reference.unmet : strakeUnmet());
const referenceName = 'name' in reference ? reference.name : 'none';

suite(`agreement with ${referenceName}`, unmet, () => {
  let folder = '';
  const started: Builder[] = [];

  beforeAll(async () => {
    folder = makeFolder('differential');
    const bases = await makeBases(join(folder, 'bases'));
    for (const start of [() => startBuilder(referenceName), startStrake]) {
      const builder = await start();
      started.push(builder);
      await builder.load(bases);
    }
  }, 120_000);

  afterAll(async () => {
    for (const builder of started) await builder.close();
    await removeFolder(folder);
  }, 60_000);

  async function bothResults(definition: DifferentialCase): Promise<{ readonly expected: CaseResult; readonly actual: CaseResult }> {
    const [real, own] = started;
    if (real === undefined || own === undefined) throw new Error('the builders did not start');
    const caseFolder = join(folder, definition.name);
    mkdirSync(caseFolder);
    const prepared = await prepareCase(definition, caseFolder);
    const expected = await keptResult(real, definition, () => buildCase(real, definition, prepared, caseFolder));
    return { expected, actual: await buildCase(own, definition, prepared, caseFolder) };
  }

  it.each(listCases('cases').map((definition) => [definition.name, definition] as const))('builds the same: %s', async (_name, definition) => {
    if (definition.options.notIn?.includes(referenceName) === true) return;
    const { expected, actual } = await bothResults(definition);
    expect(unexplained(compareResults(expected, actual), definition.options.intended)).toEqual([]);
  }, 120_000);

  it.each(listCases('refused').map((definition) => [definition.name, definition] as const))('refuses, at the same line: %s', async (_name, definition) => {
    const { expected, actual } = await bothResults(definition);
    const line = definition.options.line ?? (expected.kind === 'refused' ? expected.line : null);
    expect(actual).toMatchObject({ kind: 'refused', ...(line === null ? {} : { line }) });
  }, 120_000);
});
