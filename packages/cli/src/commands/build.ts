import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { inputOptions } from '../build/build-options';
import { dockerfileFromInput } from '../build/dockerfile-text';
import { checkDebug, debugShell } from '../build/debug-shell';
import { buildFlags } from '../build/flags';
import { outputsOf } from '../build/outputs';
import { parseCall, type Call } from '../build/parse-call';
import { writeResultFile } from '../build/write-result-file';
import { exitCodes } from '../exit-codes';
import { chooseRenderer } from '../progress/choose-renderer';
import { summary } from '../output/summary';
import { print } from '../terminal';
import { runCall } from './run-call';
import { withBuilder } from './with-builder';

/** `strake build` */
export const build = defineCommand({
  name: 'build',
  aliases: ['b'],
  usage: '[OPTIONS] PATH | -',
  summary: 'Build an image from a Dockerfile',
  flags: buildFlags,
  arguments: { min: 1, max: 1, complete: 'directory' },
  async run(invocation) {
    const { flags, args, terminal, signal } = invocation;
    const options = inputOptions('strake build', args[0] ?? '.', flags, terminal);
    const outputs = outputsOf('strake build', flags);
    const progress = progressMode(flags.quiet, flags.progress);
    const call = callOf(flags);
    if (flags['debug-on-failure'] && call !== undefined) throw new UsageError('strake build', '--debug-on-failure and --call cannot be used together');
    if (flags['debug-on-failure']) checkDebug('strake build', progress, terminal);
    const dockerfile = await dockerfileFromInput(flags.file, terminal);
    if (call !== undefined) return withBuilder(invocation, (builder) => runCall(call, builder, { ...options, ...dockerfile, signal }, terminal));
    // an ID that is left from an earlier build must not be taken for this one's
    if (flags.iidfile !== undefined) rmSync(resolve(terminal.cwd, flags.iidfile), { force: true });
    const result = await withBuilder(invocation, async (builder) => {
      const renderer = chooseRenderer(progress, terminal);
      let quiet = false;
      const quieten = (): void => {
        if (!quiet) renderer.finish();
        quiet = true;
      };
      try {
        const debug = flags['debug-on-failure'] ? { onStepFailed: debugShell(terminal, quieten) } : {};
        return await builder.build({ ...options, ...dockerfile, outputs, signal, ...debug, onEvent: (event) => (quiet ? undefined : renderer.event(event)) });
      } finally {
        quieten();
      }
    });
    if (flags.iidfile !== undefined) writeResultFile(terminal.cwd, flags.iidfile, result.imageId);
    if (flags['metadata-file'] !== undefined) writeResultFile(terminal.cwd, flags['metadata-file'], `${JSON.stringify(result.metadata, null, 2)}\n`);
    if (progress === 'quiet') print(terminal, result.imageId);
    else if (progress !== 'rawjson') terminal.stderr.write(`${summary(result).join('\n')}\n`);
    return exitCodes.success;
  },
});

function callOf({ call, check }: { readonly call: string | undefined; readonly check: boolean }): Call | undefined {
  if (!check) return call === undefined ? undefined : parseCall('strake build', call);
  if (call !== undefined) throw new UsageError('strake build', '--check is short for --call=check; give one of them');
  return { name: 'check', format: 'text', ignoreStatus: false };
}

function progressMode(quiet: boolean, progress: string | undefined): string {
  if (!quiet) return progress ?? 'auto';
  if (progress !== undefined && progress !== 'quiet') throw new UsageError('strake build', `--progress ${progress} and --quiet cannot be used together`);
  return 'quiet';
}

