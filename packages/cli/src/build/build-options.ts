import type { FlagValues } from '../argv/flag';
import { UsageError } from '../argv/usage-error';
import type { BuildOptions } from '../library';
import type { Terminal } from '../terminal';
import type { inputFlags } from './flags';
import { parseContext } from './parse-context';
import { parseHost } from './parse-host';
import { parsePairs } from './parse-pairs';
import { parseSecrets } from './parse-secrets';
import { parseSsh } from './parse-ssh';
import { pullOptions } from './pull-options';

/** What the flags of `build` and `plan` ask for, without outputs and the Dockerfile's text. Throws UsageError. */
export function inputOptions(
  command: string,
  context: string,
  flags: FlagValues<typeof inputFlags>,
  { env, stdin }: Pick<Terminal, 'env' | 'stdin'>,
): BuildOptions {
  const { file, target, platform, network } = flags;
  if (platform?.includes(',')) throw new UsageError(command, 'several platforms in one build are not supported yet', 'build each with its own --platform');
  return {
    context: context === '-' ? inputContext(command, file, stdin) : parseContext(command, context),
    ...(file === undefined || file === '-' ? {} : { dockerfile: file }),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...pullOptions(command, flags),
    ...(network === undefined ? {} : { network: network as NonNullable<BuildOptions['network']> }),
    tags: flags.tag,
    buildArgs: parsePairs(command, '--build-arg', flags['build-arg'], (name) => env[name]),
    labels: parsePairs(command, '--label', flags.label, () => ''),
    buildContexts: parsePairs(command, '--build-context', flags['build-context'], (name) => {
      throw new UsageError(command, `invalid value "${name}" for --build-context`, 'the format is name=path or name=oci-layout://path');
    }),
    extraHosts: flags['add-host'].map((text) => parseHost(command, text)),
    allow: flags.allow.filter((entry) => entry !== ''),
    secrets: parseSecrets(command, flags.secret, env),
    ssh: parseSsh(flags.ssh),
    noCache: flags['no-cache'],
    noCacheFilter: flags['no-cache-filter'].flatMap((stages) => stages.split(',')).filter((stage) => stage !== ''),
  };
}

/** `-`: an archive on standard input, or a Dockerfile. */
function inputContext(command: string, file: string | undefined, stdin: Terminal['stdin']): NonNullable<BuildOptions['context']> {
  if (file === '-') throw new UsageError(command, "can't use stdin for both build context and dockerfile", 'give one of them as a path');
  if ((stdin as { isTTY?: boolean }).isTTY === true) throw new UsageError(command, 'standard input is a terminal, and no build context', 'pipe an archive or a Dockerfile into it');
  return { tar: stdin };
}
