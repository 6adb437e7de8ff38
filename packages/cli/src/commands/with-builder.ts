import type { Invocation } from '../argv/command';
import type { FlagSpecs } from '../argv/flag';
import { loadConfig } from '../config/load-config';
import type { Builder, BuilderConfig } from '../library';

/** Makes a further builder of the same configuration, changed; whoever asks closes it. */
export type MakeBuilder = (change: BuilderConfig) => Promise<Builder>;

/** Makes the builder that flags, environment and configuration ask for (in this order), lends it, and closes it whatever happens. */
export async function withBuilder<T>(invocation: Invocation<FlagSpecs>, work: (builder: Builder, another: MakeBuilder) => Promise<T>): Promise<T> {
  const { terminal, globals } = invocation;
  const config = await loadConfig('strake', terminal.cwd, globals.config);
  const store = globals.store ?? (terminal.env.STRAKE_STORE || config.store);
  const backend = globals.backend ?? config.backend;
  const cache = cacheFlag(invocation.flags) ?? config.cache;
  const library = await invocation.library();
  const make: MakeBuilder = (change) => library.createBuilder({
    ...config,
    ...(store === undefined ? {} : { store }),
    ...(backend === undefined ? {} : { backend }),
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

/** Only commands that build have it. */
function cacheFlag(flags: Readonly<Record<string, unknown>>): string | undefined {
  return typeof flags['cache'] === 'string' ? flags['cache'] : undefined;
}
