import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import { EditedBuild } from './edited-build';

/** What plans said, and what builds did. */
export interface Comparison {
  readonly edits: number;
  /** Steps of all builds. */
  readonly steps: number;
  readonly made: number;
  /** Steps of which a plan said that only building can tell, and how many of them were made. */
  readonly uncertain: number;
  readonly uncertainMade: number;
  /** A text for each build that did otherwise. */
  readonly differences: readonly string[];
}

/** Plans and builds after each of `count` random edits, and compares which steps run. Needs root, busybox and what RUN needs. */
export async function compareEdits(folder: string, seed: number, count: number): Promise<Comparison> {
  const store = join(folder, 'store');
  const total = { edits: count, steps: 0, made: 0, uncertain: 0, uncertainMade: 0, differences: [] as string[] };
  await makeBases(join(folder, 'base'), store);
  const build = new EditedBuild(join(folder, 'context'), seed);
  for (let edit = 0; edit < count; edit += 1) {
    const what = edit === 0 ? 'the first build' : build.edit();
    const builder = await createBuilder({ store });
    try {
      const pruned = await maybePrune(builder, build);
      const difference = await compare(builder, build, total);
      if (difference !== undefined) total.differences.push(`seed ${seed}, edit ${edit} (${what}${pruned}): ${difference}\n${build.text}`);
    } finally {
      await builder.close();
    }
  }
  return total;
}

type Total = { -readonly [K in keyof Comparison]: Comparison[K] };

async function compare(builder: Builder, build: EditedBuild, total: Total): Promise<string | undefined> {
  const { steps } = await builder.plan(build.options);
  const names = new Map(steps.map(({ digest, name }) => [digest as string, name]));
  const made = new Set<string>();
  await builder.build({ ...build.options, outputs: [{ type: 'cacheonly', attributes: {} }], onEvent: (event) => void (event.type === 'missed' && made.add(event.vertex)) });
  const maybe = steps.filter(({ uncertain }) => uncertain);
  total.steps += steps.length;
  total.made += made.size;
  total.uncertain += maybe.length;
  total.uncertainMade += maybe.filter(({ digest }) => made.has(digest)).length;
  const wrong = steps.filter(({ digest, cached, uncertain }) => uncertain !== true && cached === made.has(digest));
  const unknown = [...made].filter((digest) => !names.has(digest));
  return wrong.length + unknown.length === 0 ? undefined : [...wrong.map(({ name, cached }) => `${cached ? 'made and not foretold' : 'foretold and not made'}: ${name}`), ...unknown].join('; ');
}

/** Sometimes all that no name needs goes, sometimes a few snapshots, as another prune leaves it. */
async function maybePrune(builder: Builder, build: EditedBuild): Promise<string> {
  const kind = build.below(25);
  if (kind > 1) return '';
  await builder.images().prune({ all: kind === 0, dryRun: false });
  return kind === 0 ? ', all pruned' : ', pruned';
}

async function makeBases(context: string, store: string): Promise<void> {
  EditedBuild.writeBase(context);
  const builder = await createBuilder({ store });
  for (const number of [1, 2]) {
    const text = `FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nENV PATH=/bin BASE=${number}\n`;
    await builder.build({ context, dockerfile: { text, name: 'Dockerfile' }, tags: [`base:${number}`] });
  }
  await builder.close();
  rmSync(context, { recursive: true });
}
