import type { FlagValues } from '../argv/flag';
import { UsageError } from '../argv/usage-error';
import type { BuildOptions } from '../library';
import type { Terminal } from '../terminal';
import type { inputFlags } from './flags';
import { parseContext } from './parse-context';
import { parseHost } from './parse-host';
import { parseLimits } from './parse-limits';
import { parsePairs } from './parse-pairs';
import { parseSecretArgs } from './parse-secret-args';
import { parseSecrets } from './parse-secrets';
import { parseSsh } from './parse-ssh';
import { pullOptions } from './pull-options';

/** What the flags of `build` and `plan` ask for, without outputs and the Dockerfile's text. Throws UsageError. */
export function inputOptions(
  command: string,
  context: string,
  flags: FlagValues<typeof inputFlags>,
  terminal: Pick<Terminal, 'env' | 'stdin'>,
): BuildOptions {
  const { env } = terminal;
  const { file, target, network } = flags;
  const platforms = flags.platform.flatMap((text) => text.split(',')).map((text) => text.trim()).filter((text) => text !== '');
  return {
    context: context === '-' ? inputContext(command, file, terminal) : parseContext(command, context),
    ...(file === undefined || file === '-' ? {} : { dockerfile: file }),
    ...(flags.ignorefile === undefined ? {} : { ignore: { file: flags.ignorefile } }),
    ...(target === undefined ? {} : { target }),
    ...(platforms.length === 0 ? {} : { platforms }),
    ...(flags.reproducible ? { reproducible: true } : {}),
    ...pullOptions(command, flags),
    ...(network === undefined ? {} : { network: network as NonNullable<BuildOptions['network']> }),
    ...parseLimits(command, flags),
    ...(flags.squash ? { squash: true } : {}),
    ...(/^(?:false|0)$/.test(flags.rm ?? '') && !flags['force-rm'] ? { keepContainers: true } : {}),
    tags: flags.tag,
    // As buildx the variable is an argument of the build, where none of that name is given.
    buildArgs: { ...(env['SOURCE_DATE_EPOCH'] ? { SOURCE_DATE_EPOCH: env['SOURCE_DATE_EPOCH'] } : {}), ...parsePairs(command, '--build-arg', flags['build-arg'], (name) => env[name]) },
    labels: parsePairs(command, '--label', flags.label, () => ''),
    buildContexts: parsePairs(command, '--build-context', flags['build-context'], (name) => {
      throw new UsageError(command, `invalid value "${name}" for --build-context`, 'the format is name=VALUE: a path, a URL, docker-image://REF, oci-layout://PATH or target:STAGE');
    }),
    extraHosts: flags['add-host'].map((text) => parseHost(command, text)),
    allStages: flags['all-stages'],
    allow: flags.allow.filter((entry) => entry !== ''),
    secrets: parseSecrets(command, flags.secret, env),
    ssh: parseSsh(flags.ssh),
    ...(flags['cache-from'].length === 0 ? {} : { cacheFrom: flags['cache-from'] }),
    ...(flags['cache-to'].length === 0 ? {} : { cacheTo: flags['cache-to'] }),
    ...(flags['secret-arg'].length === 0 ? {} : { secretArgs: parseSecretArgs(command, flags['secret-arg'], env) }),
    noCache: flags['no-cache'],
    noCacheFilter: flags['no-cache-filter'].flatMap((stages) => stages.split(',')).filter((stage) => stage !== ''),
  };
}

/** `-`: an archive on standard input, or a Dockerfile. */
function inputContext(command: string, file: string | undefined, { stdin }: Pick<Terminal, 'stdin'>): NonNullable<BuildOptions['context']> {
  if (file === '-') throw new UsageError(command, "can't use stdin for both build context and dockerfile", 'give one of them as a path');
  if ((stdin as { isTTY?: boolean }).isTTY === true) throw new UsageError(command, 'standard input is a terminal, and no build context', 'pipe an archive or a Dockerfile into it');
  return { tar: stdin };
}
