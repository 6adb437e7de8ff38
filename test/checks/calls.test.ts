import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import { strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestRootUnmet } from '../engines/newest-root';
import { suite } from '../engines/suite';
import { callFlags } from './buildkit-calls';
import { callCases, type CallCase } from './call-cases';
import { RecordedCalls } from './recorded-calls';

suite('outline and targets agree with BuildKit', unmetNeed({ root: true, programs: ['docker'] }) ?? newestRootUnmet() ?? strakeUnmet(), () => {
  const questions = callCases.flatMap((definition, index) => (['outline', 'targets'] as const).map((call) => ({ ...definition, index, call })));
  let folder = '';
  let recorded: RecordedCalls;
  let strake: Builder;

  beforeAll(async () => {
    folder = makeFolder('calls');
    strake = await createBuilder({ store: join(folder, 'store') });
    recorded = new RecordedCalls(join(__dirname, 'recorded-calls.json'), []);
  }, 120_000);

  afterAll(async () => {
    await recorded?.close(questions.map(({ call, name }) => `${call}: ${name}`));
    await strake?.close();
    await removeFolder(folder);
  }, 120_000);

  it.each(questions)('$call: $name', async ({ index, call, ...definition }) => {
    const context = contextOf(definition, `${call}-${index}`);
    const answer = await recorded.answer(`${call}: ${definition.name}`, definition, async (buildkit) => {
      const { json, output } = await buildkit.call(call, context, callFlags(definition));
      if (json === undefined) throw new Error(`no JSON:\n${output}`);
      return inOrder(json);
    });
    const { target, buildArgs = {} } = definition;
    const options = { context, buildArgs, offline: true, ...(target === undefined ? {} : { target }) };
    const ours: unknown = await (call === 'outline' ? strake.outline(options) : strake.targets(options));
    expect(inOrder(JSON.parse(JSON.stringify(ours)))).toEqual(answer);
  }, 120_000);

  function contextOf({ dockerfile }: CallCase, name: string): string {
    const context = join(folder, name);
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    return context;
  }
});

/** BuildKit lists the arguments of one line in any order. */
function inOrder(answer: unknown): unknown {
  const { args } = answer as { readonly args?: readonly { readonly name: string }[] };
  return args === undefined ? answer : { ...(answer as object), args: [...args].sort((left, right) => (left.name < right.name ? -1 : 1)) };
}
