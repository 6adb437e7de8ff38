import { resolvePath } from '@strake/api';
import type { ContainerConfig, Digest, GraphStep, InstructionNode, HistoryEntry, Pair, Platform, StageView } from '@strake/api';
import { expandWord, type ExpandedNames } from '../expand/expand-word';

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A stage as far as it is lowered. Replaced, never changed. */
export interface StageState {
  readonly root: Digest | null;
  readonly platform: Platform;
  readonly config: ContainerConfig;
  /** What programs get: variables and build arguments, in the order in which they were last set. */
  readonly env: readonly string[];
  readonly author?: string;
  readonly history: readonly HistoryEntry[];
  readonly changed: ReadonlySet<keyof ContainerConfig>;
  /** Declared build arguments; value is absent when there is none. */
  readonly args: readonly Pair[];
  /** What this stage's instructions came to, so far. */
  readonly steps: readonly GraphStep[];
  /** Set between the instructions that begin and end a range whose layers become one. */
  readonly range?: SquashRange;
}

/** Where a range began. */
export interface SquashRange {
  readonly node: InstructionNode;
  readonly root: Digest | null;
  /** How many entries the history had. */
  readonly entries: number;
}

/** The state of a stage on nothing. */
export function emptyState(platform: Platform): StageState {
  const config = { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' };
  return { root: null, platform, config, env: config.Env, history: [], changed: new Set(), args: [], steps: [] };
}

/**
 * A state that starts with a base's config. As in BuildKit its variables are set once more: build arguments of a base
 * stage stay in the environment, but those that Env has too lose their value.
 */
export function withConfig(state: StageState, config: ContainerConfig): StageState {
  const given = config.Env ?? [];
  const env = given.some((entry) => entry.startsWith('PATH=')) ? given : [...given, `PATH=${DEFAULT_PATH}`];
  return { ...state, config: { ...config, Env: env }, env: setVariables(state.env, pairsOf(env)) };
}

/** `NAME=value` entries after variables are set: each goes to the end. */
export function setVariables(env: readonly string[], pairs: readonly Required<Pair>[]): readonly string[] {
  const values = new Map(variablesOf(env));
  for (const { name, value } of pairs) {
    values.delete(name);
    values.set(name, value);
  }
  return [...values].map(([name, value]) => `${name}=${value}`);
}

/** Whether a build argument is seen by programs: BuildKit keeps its own switches from them. */
export function isEnvironment(name: string): boolean {
  return name !== 'BUILDKIT_SBOM_SCAN_CONTEXT' && name !== 'BUILDKIT_SBOM_SCAN_STAGE';
}

/** What `lower` sees of a state. */
export function viewOf(
  stage: { readonly index: number; readonly name?: string | undefined },
  { config, platform, changed, env, args: declared }: StageState,
  escape: '\\' | '`',
  network: StageView['network'] = 'default',
  onVariables?: (names: ExpandedNames) => void,
  given: Partial<Pick<StageView, 'directives' | 'facts'>> = {},
): StageView {
  const variables = variablesOf(env);
  const { directives = {}, facts = {} } = given;
  return Object.freeze({
    name: stage.name, index: stage.index, platform, config, changed, env, network, directives, facts,
    args: declared.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }])),
    shell: config.Shell?.length ? config.Shell : ['/bin/sh', '-c'],
    declared: [...new Set(declared.map(({ name }) => name))],
    workdir: resolvePath('/', config.WorkingDir ?? ''),
    expand: (text: string) => {
      const expanded = expandWord(text, variables, { escape });
      onVariables?.(expanded);
      return expanded.value;
    },
  });
}

/** `NAME=value` entries as a map. */
export function variablesOf(env: readonly string[]): ReadonlyMap<string, string> {
  return new Map(pairsOf(env).map(({ name, value }) => [name, value]));
}

function pairsOf(env: readonly string[]): readonly Required<Pair>[] {
  return env.map((entry) => {
    const [name = '', ...value] = entry.split('=');
    return { name, value: value.join('=') };
  });
}
