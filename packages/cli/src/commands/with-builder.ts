import type { Invocation } from '../argv/command';
import type { FlagSpecs } from '../argv/flag';
import { loadConfig } from '../config/load-config';
import type { Builder } from '../library';

/** Makes the builder that flags, environment and configuration ask for (in this order), lends it, and closes it whatever happens. */
export async function withBuilder<T>(invocation: Invocation<FlagSpecs>, work: (builder: Builder) => Promise<T>): Promise<T> {
  const { terminal, globals } = invocation;
  // Before the configuration: what that imports of the library is then there, with its compiled code.
  const library = await invocation.library();
  const config = await loadConfig('strake', terminal.cwd, globals.config);
  const store = globals.store ?? (terminal.env.STRAKE_STORE || config.store);
  const backend = globals.backend ?? config.backend;
  const cache = cacheFlag(invocation.flags) ?? config.cache;
  const builder = await library.createBuilder({
    ...config,
    ...(store === undefined ? {} : { store }),
    ...(backend === undefined ? {} : { backend }),
    ...(cache === undefined ? {} : { cache }),
    cwd: terminal.cwd,
    env: terminal.env,
  });
  try {
    return await work(builder);
  } finally {
    await builder.close();
  }
}

/** Only commands that build have it. */
function cacheFlag(flags: Readonly<Record<string, unknown>>): string | undefined {
  return typeof flags['cache'] === 'string' ? flags['cache'] : undefined;
}
