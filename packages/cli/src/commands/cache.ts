import { defineCommand, type Invocation } from '../argv/command';
import type { FlagSpecs } from '../argv/flag';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import type { Caches } from '../library';
import { age } from '../output/age';
import { table } from '../output/table';
import { byteSize } from '../progress/byte-size';
import { print, type Terminal } from '../terminal';
import { withBuilder } from './with-builder';

const NAME = 'strake cache';
const HINT = `${NAME} ls, ${NAME} export CACHE FILE, ${NAME} import FILE, ${NAME} prune [CACHE...]`;

/** What the words after `cache` may be, and how many arguments follow each. */
const ACTIONS = { ls: [0, 0], export: [2, 2], import: [1, 1], prune: [0, Infinity] } as const;
type Action = keyof typeof ACTIONS;

/** `strake cache` */
export const cache = defineCommand({
  name: 'cache',
  usage: 'ls | export CACHE FILE | import FILE | prune [CACHE...]',
  summary: 'List, export, import and remove the caches of RUN --mount=type=cache',
  flags: {
    'dry-run': { type: 'boolean', summary: 'prune: only say what would be removed' },
    format: { type: 'string', placeholder: 'string', summary: 'ls: format of the output: table, json (an object a line)', default: '"table"', choices: ['table', 'json'] },
    id: { type: 'string', placeholder: 'string', summary: 'import: the id that the cache gets' },
  },
  arguments: { min: 1, max: Infinity, complete: ['ls', 'export', 'import', 'prune'] },
  async run(invocation) {
    const { flags, terminal } = invocation;
    const [action, args] = actionOf(invocation);
    await withBuilder(invocation, async (builder) => {
      const caches = builder.caches();
      const [first = '', second = ''] = args;
      if (action === 'ls') await list(caches, flags.format === 'json', terminal);
      else if (action === 'export') await caches.export(first, second);
      else if (action === 'import') print(terminal, `Imported cache: ${await caches.import(first, flags.id === undefined ? {} : { id: flags.id })}`);
      else await prune(caches, args, flags['dry-run'], terminal);
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

async function list(caches: Caches, json: boolean, terminal: Terminal): Promise<void> {
  const found = await caches.list();
  if (json) for (const one of found) print(terminal, JSON.stringify(one));
  else print(terminal, table(['CACHE', 'KEY', 'COPIES', 'USED', 'SIZE'], found.map(({ id, key, copies, used, size }) => [id, key.slice(0, 12), String(copies), age(used, Date.now()), byteSize(size)])));
}

async function prune(caches: Caches, names: readonly string[], dryRun: boolean, terminal: Terminal): Promise<void> {
  const { deleted, inUse, reclaimed } = await caches.prune({ names, dryRun });
  for (const id of deleted) print(terminal, `cache ${id}`);
  for (const id of inUse) terminal.stderr.write(`in use, kept: cache ${id}\n`);
  print(terminal, `${dryRun ? 'Would reclaim' : 'Total reclaimed space:'} ${byteSize(reclaimed)}`);
}
