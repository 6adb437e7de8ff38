import type { Invocation } from '../argv/command';
import type { FlagSpecs } from '../argv/flag';
import { UsageError } from '../argv/usage-error';
import { loadConfig } from '../config/load-config';
import type { Builder, BuilderConfig } from '../library';

/** Makes a further builder of the same configuration, changed; whoever asks closes it. */
export type MakeBuilder = (change: BuilderConfig) => Promise<Builder>;

/** Makes the builder that flags, environment and configuration ask for (in this order), lends it, and closes it whatever happens. */
export async function withBuilder<T>(invocation: Invocation<FlagSpecs>, work: (builder: Builder, another: MakeBuilder) => Promise<T>): Promise<T> {
  const { terminal, globals } = invocation;
  // Before the configuration: what that imports of the library is then there, with its compiled code.
  const library = await invocation.library();
  const config = await loadConfig('strake', terminal.cwd, globals.config);
  const store = globals.store ?? (terminal.env.STRAKE_STORE || config.store);
  const backend = globals.backend ?? config.backend;
  const options = backendOptions([...globals.backendOptions, ...containerOptions(invocation.flags, backend)]);
  const cache = cacheFlag(invocation.flags) ?? config.cache;
  const make: MakeBuilder = (change) => library.createBuilder({
    ...config,
    ...(store === undefined ? {} : { store }),
    ...(backend === undefined ? {} : { backend }),
    ...(options === undefined ? {} : { backendOptions: { ...config.backendOptions, ...options } }),
    ...(cache === undefined ? {} : { cache }),
    cwd: terminal.cwd,
    env: terminal.env,
    ...change,
  });
  const builder = await make({});
  try {
    return await work(builder, make);
  } finally {
    await builder.close();
  }
}

/** `--backend-opt key=value`; the last of one key counts, but options for security come together. Throws UsageError. */
function backendOptions(given: readonly string[]): Readonly<Record<string, string>> | undefined {
  const options: Record<string, string> = {};
  for (const pair of given) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError('strake', `--backend-opt ${pair} has no value`, 'write --backend-opt key=value');
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const before = key === 'security-opt' ? options[key] : undefined;
    options[key] = before === undefined ? value : `${before},${value}`;
  }
  return given.length === 0 ? undefined : options;
}

/** docker's flags for what containers get, as options of a backend that has containers. Throws UsageError. */
function containerOptions({ isolation, 'security-opt': security }: Readonly<Record<string, unknown>>, backend: unknown): readonly string[] {
  const given = { isolation: typeof isolation === 'string' ? [isolation] : [], 'security-opt': Array.isArray(security) ? (security as readonly string[]) : [] };
  const [first] = Object.entries(given).filter(([, values]) => values.length > 0);
  if (first !== undefined && backend !== 'docker') throw new UsageError('strake', `--${first[0]} is for --backend docker`, 'elsewhere RUN has the default options');
  return Object.entries(given).flatMap(([name, values]) => values.map((value) => `${name}=${value}`));
}

/** Only commands that build have it. */
function cacheFlag(flags: Readonly<Record<string, unknown>>): string | undefined {
  return typeof flags['cache'] === 'string' ? flags['cache'] : undefined;
}
