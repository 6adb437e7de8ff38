import { createInterface } from 'node:readline/promises';
import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { byteSize } from '../progress/byte-size';
import { print, type Terminal } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake prune` */
export const prune = defineCommand({
  name: 'prune',
  usage: '[OPTIONS]',
  summary: 'Remove what no image needs',
  flags: {
    all: { type: 'boolean', short: 'a', summary: 'Also remove images without a name and the build cache' },
    'dry-run': { type: 'boolean', summary: 'Only say what would be removed' },
    force: { type: 'boolean', short: 'f', summary: 'Do not prompt for confirmation' },
  },
  arguments: { min: 0, max: 0 },
  async run(invocation) {
    const { flags, terminal, signal } = invocation;
    if (!flags.force && !flags['dry-run'] && !(await confirmed(terminal, flags.all, signal))) return exitCodes.failure;
    const { deleted, reclaimed } = await withBuilder(invocation, (builder) => builder.images().prune({ all: flags.all, dryRun: flags['dry-run'] }));
    for (const name of deleted) print(terminal, name);
    print(terminal, `${flags['dry-run'] ? 'Would reclaim' : 'Total reclaimed space:'} ${byteSize(reclaimed)}`);
    return exitCodes.success;
  },
});

async function confirmed(terminal: Terminal, all: boolean, signal: AbortSignal): Promise<boolean> {
  if ((terminal.stdin as { isTTY?: boolean }).isTTY !== true) {
    throw new UsageError('strake prune', 'nobody can be asked: standard input is no terminal', 'add --force');
  }
  const what = all ? 'everything that no named image needs, the build cache included' : 'everything that no image and no cache record needs';
  const questions = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    return /^y(es)?$/i.test(await questions.question(`This removes ${what}. Continue? [y/N] `, { signal }));
  } finally {
    questions.close();
  }
}
