import { OperatorError, suggest, type Plugin } from '@strake/api';
import type { BuilderConfig } from './builder-config';

/** The plugins that a configuration names or brings, in its order. Those that strake ships are loaded when one is named. Throws CONFIG_INVALID. */
export async function chosenPlugins(chosen: NonNullable<BuilderConfig['plugins']>): Promise<readonly Plugin[]> {
  const plugins: Plugin[] = [];
  for (const each of chosen) plugins.push(...(typeof each === 'string' ? await named(each) : [each]));
  return plugins;
}

async function named(name: string): Promise<readonly Plugin[]> {
  const { shippedPlugins } = await import('@strake/plugins');
  const known: Readonly<Record<string, readonly Plugin[]>> = shippedPlugins;
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  const near = suggest(name, Object.keys(known));
  throw new OperatorError('CONFIG_INVALID', `there is no plugin "${name}"`, { hint: near === undefined ? `strake ships ${Object.keys(known).join(', ')}` : `did you mean "${near}"?` });
}
