import type { Lowered, LoweredMount, StageView } from '@strake/api';
import { lowerMount, socketPath } from './lower-mount';
import { meaningless, type MountOptions } from './mount-options';
import { checkFields, parseMount } from './parse-mount';

/** All mounts of a RUN, by target, and what they change besides. */
export interface LoweredMounts {
  readonly mounts: readonly LoweredMount[];
  /** Variables that the program gets: `SSH_AUTH_SOCK`. */
  readonly env: readonly string[];
  readonly warnings: NonNullable<Lowered['warnings']>;
}

type Warning = LoweredMounts['warnings'][number];

/** Checks `--mount` as far as that is possible without variables. Throws an `InstructionError`. */
export function checkMount(text: string): void {
  // What has quotes, escapes or variables gets its meaning by expansion only.
  if (/[$\\"']/.test(text)) checkFields(text);
  else lowerMount(parseMount(text, (value) => value), text, { workdir: '/workdir', sockets: 0 });
}

/**
 * Parents come before what is in them: the order is that of the targets. Of two with one target the later one is seen, and of
 * different kinds agents before secrets before the rest, as in BuildKit.
 */
export function lowerMounts(texts: readonly string[], stage: StageView): LoweredMounts {
  const parsed = texts.map((text) => ({ text, options: parseMount(text, (value) => stage.expand(value)) }));
  const sockets: MountOptions[] = [];
  const lowered = parsed.map(({ text, options }) => {
    const mount = lowerMount(options, text, { workdir: stage.workdir, sockets: sockets.length });
    if (options.type === 'ssh') sockets.push(options);
    return mount;
  });
  const byTarget = new Map<string, LoweredMount>();
  const covered: Warning[] = [];
  for (const mount of [...lowered].sort((left, right) => rank(left) - rank(right))) {
    const key = mount.target ?? `env ${byTarget.size}`;
    if (byTarget.has(key)) covered.push({ code: 'DuplicateMountTarget', message: `several mounts have the target ${key}: only the last one is seen` });
    byTarget.set(key, mount);
  }
  return {
    mounts: [...byTarget.values()].sort((left, right) => compare(left.target ?? '', right.target ?? '')),
    env: socketVariable(sockets, stage.env),
    warnings: [...parsed.flatMap(({ options }) => unusedOptions(options)), ...covered],
  };
}

const RANKS: Readonly<Record<LoweredMount['type'], number>> = { bind: 0, cache: 0, tmpfs: 0, secret: 1, ssh: 2 };
const rank = ({ type }: LoweredMount): number => RANKS[type];
const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function socketVariable([first]: readonly MountOptions[], env: readonly string[]): readonly string[] {
  if (first === undefined || env.some((entry) => entry.startsWith('SSH_AUTH_SOCK='))) return [];
  return [`SSH_AUTH_SOCK=${first.target || socketPath(0)}`];
}

function unusedOptions(options: MountOptions): readonly Warning[] {
  return meaningless(options).map((key) => ({ code: 'UnusedMountOption', message: `${key} means nothing for a mount of type ${options.type}` }));
}
