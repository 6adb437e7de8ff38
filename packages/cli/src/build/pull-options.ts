import { booleanValue } from '../argv/boolean-value';
import type { FlagValues } from '../argv/flag';
import { UsageError } from '../argv/usage-error';
import type { BuildOptions } from '../library';
import type { inputFlags } from './flags';

/** What `--pull`, `--offline`, `--lock` and `--insecure-registry` ask for; docker's `--pull=true` and `--pull=false` are always and missing. Throws UsageError. */
export function pullOptions(command: string, flags: Pick<FlagValues<typeof inputFlags>, 'pull' | 'offline' | 'lock' | 'insecure-registry'>): Partial<BuildOptions> {
  const pull = flags.pull === undefined ? undefined : policyOf(flags.pull);
  if (flags.offline && (pull === 'always' || pull === 'newer')) throw new UsageError(command, `--offline and --pull=${pull} cannot be used together`);
  const lock = flags.lock === undefined ? undefined : lockOf(flags.lock);
  return {
    ...(pull === undefined ? {} : { pull }),
    ...(flags.offline ? { offline: true } : {}),
    ...(lock === undefined ? {} : { lock }),
    ...(flags['insecure-registry'].length === 0 ? {} : { insecureRegistries: flags['insecure-registry'] }),
  };
}

function policyOf(text: string): NonNullable<BuildOptions['pull']> {
  const asked = booleanValue(text);
  return asked === undefined ? (text as NonNullable<BuildOptions['pull']>) : asked ? 'always' : 'missing';
}

function lockOf(text: string): NonNullable<BuildOptions['lock']> {
  return booleanValue(text) ?? (text as 'update' | 'frozen');
}
