import { defineCommand, type Invocation } from '../argv/command';
import type { FlagSpecs, FlagValues } from '../argv/flag';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import type { CacheEntry, CachePruneOptions, Caches, CacheStatistics } from '../library';
import { age } from '../output/age';
import { table } from '../output/table';
import { byteSize } from '../progress/byte-size';
import { print, type Terminal } from '../terminal';
import { withBuilder } from './with-builder';

const NAME = 'strake cache';
const HINT = `${NAME} ls, ${NAME} du, ${NAME} stats, ${NAME} prune [CACHE...], ${NAME} export CACHE FILE, ${NAME} import FILE`;

/** What the words after `cache` may be, and how many arguments follow each. */
const ACTIONS = { ls: [0, 0], du: [0, 0], stats: [0, 0], prune: [0, Infinity], export: [2, 2], import: [1, 1] } as const;
type Action = keyof typeof ACTIONS;

const flags = {
  all: { type: 'boolean', short: 'a', summary: 'Images without a name, and what only they need, too' },
  'dry-run': { type: 'boolean', summary: 'prune: only say what would be removed' },
  filter: { type: 'list', placeholder: 'filter', summary: 'Only what this is true of: type=step, description~=npm, until=24h, inuse=false' },
  format: { type: 'string', placeholder: 'string', summary: 'Format of the output: table, json (an object a line)', default: '"table"', choices: ['table', 'json'] },
  id: { type: 'string', placeholder: 'string', summary: 'import: the id that the cache gets' },
  'keep-duration': { type: 'string', placeholder: 'duration', summary: 'prune: keep what was used since (24h, 7d)' },
  'max-used-space': { type: 'string', placeholder: 'bytes', summary: 'prune: remove until no more is taken (10GB, 20%)' },
  'min-free-space': { type: 'string', placeholder: 'bytes', summary: 'prune: remove until as much is free on the disk' },
  'reserved-space': { type: 'string', placeholder: 'bytes', summary: 'prune: keep as much in any case' },
  verbose: { type: 'boolean', summary: 'ls: whole ids and descriptions' },
} satisfies FlagSpecs;
type Flags = FlagValues<typeof flags>;

/** `strake cache` */
export const cache = defineCommand({
  name: 'cache',
  usage: 'ls | du | stats | prune [CACHE...] | export CACHE FILE | import FILE',
  summary: 'Show and remove what makes builds faster; export and import caches of RUN',
  flags,
  arguments: { min: 1, max: Infinity, complete: Object.keys(ACTIONS) },
  async run(invocation) {
    const { flags, terminal } = invocation;
    const [action, args] = actionOf(invocation);
    await withBuilder(invocation, async (builder) => {
      const caches = builder.caches();
      const [first = '', second = ''] = args;
      if (action === 'ls') await list(caches, flags, terminal);
      else if (action === 'du') await usage(caches, flags, terminal);
      else if (action === 'stats') statistics(await caches.statistics(), flags, terminal);
      else if (action === 'export') await caches.export(first, second);
      else if (action === 'import') print(terminal, `Imported cache: ${await caches.import(first, flags.id === undefined ? {} : { id: flags.id })}`);
      else await prune(caches, args, flags, terminal);
    });
    return exitCodes.success;
  },
});

function actionOf({ args }: Invocation<FlagSpecs>): readonly [Action, readonly string[]] {
  const [word = '', ...rest] = args;
  if (!Object.hasOwn(ACTIONS, word)) throw new UsageError(NAME, `unknown action: ${word}`, HINT);
  const [min, max] = ACTIONS[word as Action];
  if (rest.length < min || rest.length > max) throw new UsageError(`${NAME} ${word}`, `'${NAME} ${word}' requires ${min} arguments, got ${rest.length}`, HINT);
  return [word as Action, rest];
}

async function list(caches: Caches, { all, filter, format, verbose }: Flags, terminal: Terminal): Promise<void> {
  const found = await caches.list({ all, filters: filter });
  if (format === 'json') {
    for (const one of found) print(terminal, JSON.stringify(one));
    return;
  }
  const row = ({ type, id, size, used, inUse, description }: CacheEntry): readonly string[] => [verbose ? id : shortId(id), type, byteSize(size), age(used, Date.now()), inUse ? 'yes' : '', verbose ? description : shortened(description)];
  print(terminal, table(['ID', 'TYPE', 'SIZE', 'USED', 'IN USE', 'DESCRIPTION'], found.map(row)));
}

/** Sums by type; what is in use goes only with its image. */
async function usage(caches: Caches, { all, filter, format }: Flags, terminal: Terminal): Promise<void> {
  const found = await caches.list({ all, filters: filter });
  const rows = [...new Set(found.map(({ type }) => type))].map((type) => ({ type, ...sums(found.filter((entry) => entry.type === type)) }));
  const total = { type: 'total', ...sums(found) };
  if (format === 'json') for (const row of [...rows, total]) print(terminal, JSON.stringify(row));
  else print(terminal, table(['TYPE', 'TOTAL', 'SIZE', 'RECLAIMABLE'], [...rows, total].map(({ type, count, size, reclaimable }) => [type, String(count), byteSize(size), byteSize(reclaimable)])));
}

function sums(entries: readonly CacheEntry[]): { readonly count: number; readonly size: number; readonly reclaimable: number } {
  const sum = (some: readonly CacheEntry[]): number => some.reduce((all, { size }) => all + size, 0);
  return { count: entries.length, size: sum(entries), reclaimable: sum(entries.filter(({ inUse }) => !inUse)) };
}

function statistics({ builds, found, made, latest }: CacheStatistics, { format }: Flags, terminal: Terminal): void {
  if (format === 'json') return print(terminal, JSON.stringify({ builds, found, made, latest }));
  print(terminal, `${builds} builds: ${found} of ${found + made} steps found in the cache (${rate(found, made)})`);
  if (latest.length > 0) print(terminal, table(['BUILD', 'AT', 'FOUND', 'MADE', 'SECONDS', 'PROJECT'], latest.map((build) => [build.id, age(build.at, Date.now()), String(build.found), String(build.made), (build.milliseconds / 1000).toFixed(1), build.project])));
}

const rate = (found: number, made: number): string => (found + made === 0 ? '-' : `${Math.round((100 * found) / (found + made))} %`);

async function prune(caches: Caches, names: readonly string[], given: Flags, terminal: Terminal): Promise<void> {
  const { all, filter, 'dry-run': dryRun } = given;
  const { removed, inUse, reclaimed } = await caches.prune({ names, all, filters: filter, dryRun, ...limitsOf(given) });
  for (const entry of removed) print(terminal, said(entry));
  for (const entry of inUse) terminal.stderr.write(`in use, kept: ${said(entry)}\n`);
  print(terminal, `${dryRun ? 'Would reclaim' : 'Total reclaimed space:'} ${byteSize(reclaimed)}`);
}

function limitsOf(given: Flags): Pick<CachePruneOptions, 'keepDuration' | 'maxUsedSpace' | 'minFreeSpace' | 'reservedSpace'> {
  const { 'keep-duration': keepDuration, 'max-used-space': maxUsedSpace, 'min-free-space': minFreeSpace, 'reserved-space': reservedSpace } = given;
  return {
    ...(keepDuration === undefined ? {} : { keepDuration }),
    ...(maxUsedSpace === undefined ? {} : { maxUsedSpace }),
    ...(minFreeSpace === undefined ? {} : { minFreeSpace }),
    ...(reservedSpace === undefined ? {} : { reservedSpace }),
  };
}

function said({ type, id, description }: CacheEntry): string {
  return type === 'mount' ? `cache ${description}` : `${type} ${shortId(id)}${description === '' ? '' : ` ${shortened(description)}`}`;
}

const shortId = (id: string): string => id.replace(/^(?:sha256:|chain:sha256:)/, '').slice(0, 12);

function shortened(description: string): string {
  const line = description.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
