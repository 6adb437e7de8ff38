import type { ContainerConfig, Digest, HistoryEntry, Pair, Platform, StageView } from '@strake/api';
import { expandWord } from '../expand/expand-word';
import type { Stage } from './stages';

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A stage as far as it is lowered. Replaced, never changed. */
export interface StageState {
  readonly root: Digest | null;
  readonly platform: Platform;
  readonly config: ContainerConfig;
  readonly author?: string;
  readonly history: readonly HistoryEntry[];
  readonly changed: ReadonlySet<keyof ContainerConfig>;
  /** Declared build arguments; value is absent when there is none. */
  readonly args: readonly Pair[];
}

/** What `lower` sees of a state. ENV beats a build argument of the same name. */
export function viewOf(stage: Stage, state: StageState, escape: '\\' | '`', network: StageView['network']): StageView {
  const { config, platform, changed } = state;
  const set = new Set((config.Env ?? []).map((entry) => entry.split('=', 1)[0]));
  const args = state.args.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const last = new Map(args.map(({ name, value }) => [name, value]));
  const env = [...(config.Env ?? []), ...[...last].filter(([name]) => !set.has(name)).map(([name, value]) => `${name}=${value}`)];
  const variables = variablesOf(env);
  return Object.freeze({
    name: stage.start.name, index: stage.index, platform, config, changed, args, env, network,
    shell: config.Shell?.length ? config.Shell : ['/bin/sh', '-c'],
    declared: [...new Set(state.args.map(({ name }) => name))],
    workdir: config.WorkingDir || '/',
    expand: (text: string) => expandWord(text, variables, { escape }).value,
  });
}

/** `NAME=value` entries as a map. */
export function variablesOf(env: readonly string[]): ReadonlyMap<string, string> {
  return new Map(env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}
