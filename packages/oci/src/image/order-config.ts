import type { ContainerConfig, ImageConfigFile } from '@strake/api';

/** The order of Go's structs: image-spec config.md with Docker's additions. */
const FILE = ['created', 'author', 'architecture', 'variant', 'os', 'os.version', 'os.features', 'config', 'rootfs', 'history'];
const CONFIG = [
  'Hostname', 'Domainname', 'User', 'ExposedPorts', 'Env', 'Entrypoint', 'Cmd', 'Volumes', 'WorkingDir', 'Labels', 'StopSignal',
  'ArgsEscaped', 'Healthcheck', 'OnBuild', 'StopTimeout', 'Shell',
];
const HEALTHCHECK = ['Test', 'Interval', 'Timeout', 'StartPeriod', 'StartInterval', 'Retries'];
const HISTORY = ['created', 'created_by', 'author', 'comment', 'empty_layer'];

/**
 * The same config with its keys as Go would write them: fields in the order of their structs, what strake does not know
 * sorted behind them, maps sorted. So equal configs are equal bytes, however they were put together.
 */
export function orderConfig(file: ImageConfigFile): ImageConfigFile {
  const history = file.history.map((entry) => ordered(entry, HISTORY));
  return ordered({ ...file, config: orderContainer(file.config), history }, FILE);
}

function orderContainer(config: ContainerConfig): ContainerConfig {
  const { ExposedPorts, Volumes, Labels, Healthcheck } = config;
  return ordered(
    {
      ...config,
      ...(ExposedPorts ? { ExposedPorts: ordered(ExposedPorts, []) } : {}),
      ...(Volumes ? { Volumes: ordered(Volumes, []) } : {}),
      ...(Labels ? { Labels: ordered(Labels, []) } : {}),
      ...(Healthcheck ? { Healthcheck: ordered(Healthcheck, HEALTHCHECK) } : {}),
    },
    CONFIG,
  );
}

/** Known keys first, the rest by their UTF-8 bytes; what is undefined is left out. */
function ordered<T extends object>(value: T, known: readonly string[]): T {
  const rank = (key: string): number => (known.includes(key) ? known.indexOf(key) : known.length);
  const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  entries.sort(([a], [b]) => rank(a) - rank(b) || byBytes(a, b));
  return Object.fromEntries(entries) as T;
}
