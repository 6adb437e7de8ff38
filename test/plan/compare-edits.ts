import { StrakeError, type BuildEvent } from '@strake/api';
import type { Builder, Plan } from 'strake';
import { EditedBuild } from './edited-build';
import type { PlanSubject } from './subject';

/** What plans said, and what builds did. */
export interface Comparison {
  readonly edits: number;
  /** Builds that failed, and were to fail. */
  readonly failed: number;
  /** Steps of all builds. */
  readonly steps: number;
  readonly made: number;
  /** Steps of which a plan said that only building can tell, and how many of them were made. */
  readonly uncertain: number;
  readonly uncertainMade: number;
  /** A text for each build that did otherwise. */
  readonly differences: readonly string[];
}

type Total = { -readonly [K in keyof Comparison]: Comparison[K] };
type Missed = Extract<BuildEvent, { readonly type: 'missed' }>;

/** Plans and builds after each of `count` random edits, and compares which steps run, and why. */
export async function compareEdits(folder: string, subject: PlanSubject, seed: number, count: number): Promise<Comparison> {
  const total: Total & { differences: string[] } = { edits: count, failed: 0, steps: 0, made: 0, uncertain: 0, uncertainMade: 0, differences: [] };
  const build = new EditedBuild(folder, seed, subject.kinds);
  const real = Date.now;
  Date.now = () => real() + build.elapsed * 1000;
  try {
    for (let edit = 0; edit < count; edit += 1) {
      const what = edit === 0 ? 'the first build' : build.edit();
      const builder = await subject.open(build.cache);
      const pruned = await maybePrune(subject, builder, build);
      const difference = await compare(builder, build, total).finally(() => builder.close());
      if (difference !== undefined) total.differences.push(`seed ${seed}, edit ${edit} (${what}${pruned}): ${difference}\n${build.text}`);
    }
  } finally {
    Date.now = real;
  }
  return total;
}

async function compare(builder: Builder, build: EditedBuild, total: Total): Promise<string | undefined> {
  const planned = await settled(builder.plan(build.options));
  const made = new Map<string, Missed>();
  const built = await settled(builder.build({ ...build.options, outputs: [{ type: 'cacheonly', attributes: {} }], onEvent: (event) => void (event.type === 'missed' && made.set(event.vertex, event)) }));
  if ('error' in built) total.failed += 1;
  if ('error' in planned) return 'error' in built && built.error === planned.error ? undefined : `the plan was refused: ${planned.error}; the build: ${'error' in built ? built.error : 'done'}`;
  if ('error' in built && !built.error.startsWith('STEP_FAILED') && !planned.value.steps.some(({ uncertain }) => uncertain)) return `the build failed: ${built.error}`;
  count(planned.value, made, total);
  const differences = differencesOf(planned.value, made, 'error' in built);
  return differences.length === 0 ? undefined : differences.join('; ');
}

function count({ steps }: Plan, made: ReadonlyMap<string, Missed>, total: Total): void {
  const maybe = steps.filter(({ uncertain }) => uncertain);
  total.steps += steps.length;
  total.made += made.size;
  total.uncertain += maybe.length;
  total.uncertainMade += maybe.filter(({ digest }) => made.has(digest)).length;
}

/** A build that failed may not have come to all that was foretold. */
function differencesOf({ steps }: Plan, made: ReadonlyMap<string, Missed>, failed: boolean): readonly string[] {
  const names = new Set<string>(steps.map(({ digest }) => digest));
  const unknown = [...made.values()].filter(({ vertex }) => !names.has(vertex)).map(({ note }) => `made and in no plan: ${note.name}`);
  return [...unknown, ...steps.flatMap(({ name, digest, cached, uncertain, reason }) => {
    const miss = made.get(digest);
    if (uncertain === true) return [];
    if (miss === undefined) return cached || failed ? [] : [`foretold (${reason}) and not made: ${name}`];
    if (cached) return [`made (${miss.reason}) and not foretold: ${name}`];
    return miss.reason === reason ? [] : [`for another reason: ${name}: ${reason}, then ${miss.reason}`];
  })];
}

async function settled<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: string }> {
  try {
    return { value: await work };
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code === 'INTERNAL') throw error;
    return { error: `${error.code} ${error.message}` };
  }
}

/** Sometimes all that no name needs goes, sometimes a few snapshots, as another prune leaves it. */
async function maybePrune(subject: PlanSubject, builder: Builder, build: EditedBuild): Promise<string> {
  const kind = build.below(25);
  if (kind > 1) return '';
  await subject.prune(builder, kind === 0);
  return kind === 0 ? ', all pruned' : ', pruned';
}
