import { resolve } from 'node:path';
import { defineCommand, type Invocation } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { inputOptions } from '../build/build-options';
import { dockerfileFromInput } from '../build/dockerfile-text';
import { inputFlags } from '../build/flags';
import { refusedFlags } from '../build/refused-flags';
import { writeResultFile } from '../build/write-result-file';
import type { Builder, BuildOptions, CheckResult } from '../library';
import { lintText } from '../output/lint-text';
import { sarif } from '../output/sarif';
import { print, type Terminal } from '../terminal';
import { endCheck } from './run-call';
import { withBuilder } from './with-builder';

const flags = {
  ...inputFlags,
  'dry-run': { type: 'boolean', summary: 'With --fix: only show what would be changed' },
  fix: { type: 'boolean', summary: 'Correct the Dockerfile where that leaves the image as it is' },
  format: { type: 'string', placeholder: 'string', summary: 'Format of the output: text, json (as buildx), sarif', default: '"text"', choices: ['text', 'json', 'sarif'] },
  'unsafe-fixes': { type: 'boolean', summary: 'With --fix: also where rules ask for another image (CMD as JSON, a label for MAINTAINER)' },
  ...refusedFlags,
} as const;

/** `strake check` */
export const check = defineCommand({
  name: 'check',
  usage: '[OPTIONS] PATH | -',
  summary: 'Check a Dockerfile without building it',
  flags,
  arguments: { min: 1, max: 1, complete: 'directory' },
  async run(invocation) {
    const { args, terminal, signal } = invocation;
    checkFlags(invocation.flags);
    const options = { ...inputOptions('strake check', args[0] ?? '.', invocation.flags, terminal), signal };
    const dockerfile = await dockerfileFromInput(invocation.flags.file, terminal);
    return withBuilder(invocation, async (builder) => {
      const result = await resultOf(invocation, builder, { ...options, ...dockerfile });
      printResult(result, invocation.flags.format ?? 'text', terminal);
      return endCheck(result, terminal, false);
    });
  },
});

type Flags = Invocation<typeof flags>['flags'];

function checkFlags({ fix, 'dry-run': dryRun, 'unsafe-fixes': unsafe }: Flags): void {
  if (!fix && (dryRun || unsafe)) throw new UsageError('strake check', `${dryRun ? '--dry-run' : '--unsafe-fixes'} goes with --fix only`);
}

async function resultOf({ flags: { fix, 'dry-run': dryRun, 'unsafe-fixes': changeImage }, terminal }: Invocation<typeof flags>, builder: Builder, options: BuildOptions): Promise<CheckResult> {
  if (!fix) return builder.check(options);
  const { source, made, diff, check: left } = await builder.fix({ ...options, changeImage });
  if (dryRun) terminal.stderr.write(diff);
  else if (made > 0 && source.path === undefined) throw new UsageError('strake check', 'the Dockerfile is no file that could be changed', 'see what would be changed with --dry-run');
  else if (made > 0) writeResultFile(terminal.cwd, resolve(terminal.cwd, source.path ?? ''), source.text);
  terminal.stderr.write(`${made} ${made === 1 ? 'fix' : 'fixes'} ${dryRun ? 'possible' : 'made'}\n`);
  return left;
}

function printResult(result: CheckResult, format: string, terminal: Terminal): void {
  if (format === 'text') terminal.stdout.write(lintText(result));
  else print(terminal, JSON.stringify(format === 'json' ? result.lint : sarif(result), null, 2));
}
