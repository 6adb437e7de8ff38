import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type Builder, type LintResults } from 'strake';
import { archivesOf, baseImages } from '../bases/bases';
import { strakeCommand } from '../builders/strake';
import { strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { callFlags } from './buildkit-calls';
import { checkCases, type CheckCase } from './check-cases';
import { outcomeOf, type CheckOutcome } from './check-outcome';
import { RecordedCalls } from './recorded-calls';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar', 'docker'] }) ?? newestRootUnmet() ?? strakeUnmet();

suite('checks agree with BuildKit', unmet, () => {
  const names = checkCases.filter(({ newer }) => newer === undefined).map(({ name }) => name);
  let folder = '';
  let recorded: RecordedCalls;
  let strake: Builder;

  beforeAll(async () => {
    folder = makeFolder('checks');
    const bases = await baseImages();
    const store = join(folder, 'store');
    for (const archive of archivesOf(bases)) await mustRun([...strakeCommand, 'load', '-i', archive], { env: { STRAKE_STORE: store } });
    strake = await createBuilder({ store });
    recorded = new RecordedCalls(join(__dirname, 'recorded-checks.json'), bases);
  }, 120_000);

  afterAll(async () => {
    await recorded?.close(names);
    await strake?.close();
    await removeFolder(folder);
  }, 120_000);

  /** Contexts of equal names and sizes are one to BuildKit: each gets a name of its own. */
  function contextOf({ dockerfile, ignore }: CheckCase, index: number): string {
    const context = join(folder, `context-${index}`);
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    if (ignore !== undefined) writeFileSync(join(context, '.dockerignore'), ignore);
    return context;
  }

  async function ours(definition: CheckCase, context: string): Promise<CheckOutcome> {
    const { target, platform, buildArgs = {} } = definition;
    const { lint, violations, error } = await strake.check({ context, buildArgs, ...(target === undefined ? {} : { target }), ...(platform === undefined ? {} : { platform }) });
    return outcomeOf(lint, violations.length > 0 || error !== undefined ? 1 : 0);
  }

  it.each(checkCases.map((definition, index) => ({ ...definition, index })))('$name', async ({ index, ...definition }) => {
    const context = contextOf(definition, index);
    const actual = await ours(definition, context);
    if (definition.newer !== undefined) {
      expect(actual.warnings.map((line) => line.split(':')[0])).toEqual(definition.newer);
      return;
    }
    const expected = await recorded.answer(definition.name, definition, async (buildkit) => {
      const { json, code, output } = await buildkit.call('check', context, callFlags(definition));
      if (json === undefined) throw new Error(`no JSON:\n${output}`);
      return outcomeOf(json as LintResults, code);
    });
    expect(actual).toEqual(expected);
  }, 120_000);

  it('no answer is kept of what is asked no more', () => expect(recorded.names.filter((name) => !names.includes(name))).toEqual([]));
});
