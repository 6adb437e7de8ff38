import type { ContainerConfig, Healthcheck } from '@strake/api';

/** A container's config with what only containers have. */
type Config = ContainerConfig & Readonly<Record<string, unknown>>;

const TEXTS = ['User', 'WorkingDir', 'StopSignal'] as const;
const LISTS = ['Env', 'Cmd', 'Entrypoint', 'Shell', 'OnBuild'] as const;
const SETS = ['ExposedPorts', 'Volumes'] as const;
const SWITCHES = ['AttachStdin', 'AttachStdout', 'AttachStderr', 'NetworkDisabled', 'Tty', 'OpenStdin', 'StdinOnce', 'ArgsEscaped'] as const;
const TIMES = ['Interval', 'Timeout', 'StartPeriod', 'StartInterval', 'Retries'] as const;

/**
 * Whether two containers' configs are the same to the classic cache, as engines since 25 compare them: variables and programs in their
 * order, labels, ports and volumes as sets. Names of hosts and images do not count. Older engines leave out some fields: what is the same here is so there too.
 */
export function sameConfig(left: ContainerConfig, right: ContainerConfig): boolean {
  const [a, b] = [left as Config, right as Config];
  return (
    TEXTS.every((name) => (a[name] ?? '') === (b[name] ?? '')) &&
    LISTS.every((name) => sameList(a[name] ?? [], b[name] ?? [])) &&
    SETS.every((name) => sameMap(a[name] ?? {}, b[name] ?? {}, () => true)) &&
    sameMap(a.Labels ?? {}, b.Labels ?? {}, (one, other) => one === other) &&
    SWITCHES.every((name) => (a[name] ?? false) === (b[name] ?? false)) &&
    (a['StopTimeout'] ?? null) === (b['StopTimeout'] ?? null) &&
    sameHealthcheck(a.Healthcheck, b.Healthcheck)
  );
}

const sameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((word, at) => word === b[at]);

function sameMap<T>(a: Readonly<Record<string, T>>, b: Readonly<Record<string, T>>, same: (one: T, other: T | undefined) => boolean): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key] as T, b[key]));
}

function sameHealthcheck(a: Healthcheck | null | undefined, b: Healthcheck | null | undefined): boolean {
  if (!a || !b) return !a === !b;
  return TIMES.every((name) => (a[name] ?? 0) === (b[name] ?? 0)) && sameList(a.Test ?? [], b.Test ?? []);
}
