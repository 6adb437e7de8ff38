import type { CacheKey, CopyOp, ExecOp, KeyPart, Mount, Op, Vertex } from '@strake/api';
import { namesSecret } from '@strake/api';
import { digestOf } from './digest-of';
import type { State } from './state';

/** The key of named parts, in the order given. */
export function makeKey(parts: readonly KeyPart[]): CacheKey {
  return { digest: digestOf(parts.map(({ name, digest }) => [name, digest])), parts };
}

/** Parts that a vertex's own ops give, in order of the ops. What a copy takes is not among them. */
export function opParts(vertex: Vertex): readonly KeyPart[] {
  return vertex.ops.flatMap((op, index) => (op.type === 'exec' ? execParts(op, index) : [part(`${op.type}:${index}`, withoutInputs(op))]));
}

/** The part for the state that a vertex changes. */
export function parentPart(parent: Pick<State, 'identity' | 'name'> | null): KeyPart {
  return { name: 'parent', digest: parent?.identity ?? 'scratch', ...shownAs(parent === null ? 'scratch' : parent.name) };
}

/** What an explanation may show of a part; nothing where it is unknown or too long. */
export function shownAs(text: string | undefined): Pick<KeyPart, 'value'> {
  return text === undefined ? {} : { value: () => (text.length > MOST_SHOWN ? undefined : withoutCredentials(text)) };
}

const MOST_SHOWN = 300;

/** `https://user:word@host` keeps the host. */
const withoutCredentials = (text: string): string => text.replace(/(\w:\/\/)[^\s/@]*@/g, '$1***@');

/** A program is keyed piece by piece, so that a miss can name the variable that changed. */
function execParts(op: ExecOp, index: number): readonly KeyPart[] {
  const { args, env, cwd, user, network, platform, scripts = [], mounts = [], security, devices } = op;
  return [
    part(`command:${index}`, args),
    { ...part(`workdir:${index}`, cwd), ...shownAs(cwd) },
    { ...part(`user:${index}`, user), ...shownAs(user === '' ? 'root' : user) },
    { ...part(`network:${index}`, network), ...shownAs(network) },
    ...(platform === undefined ? [] : [part(`platform:${index}`, platform)]),
    ...(security === undefined ? [] : [part(`security:${index}`, security)]),
    ...(devices === undefined ? [] : [part(`devices:${index}`, devices)]),
    ...mounts.map((mount) => part(`mount:${mount.target ?? mountedVariable(mount)}`, definitionOf(mount))),
    ...scripts.map((script) => part(`script:${script.name}`, script.content)),
    // The order of variables can matter to a program; their names alone would lose it.
    part(`env-order:${index}`, env.map(variableName)),
    ...env.map(variablePart),
  ];
}

/**
 * What of a mount decides the result. What a cache is called and who shares it does not: whatever it holds, the program must
 * cope with it. Nor is a secret's value anywhere in a key.
 */
function definitionOf(mount: Mount): unknown {
  switch (mount.type) {
    case 'bind': return { ...mount, input: 0 };
    case 'cache': {
      const { type, target, readonly, from, mode, uid, gid } = mount;
      return { type, target, readonly, from: from?.source, mode, uid, gid };
    }
    default: return mount;
  }
}

const mountedVariable = (mount: Mount): string => (mount.type === 'secret' ? (mount.env ?? '') : '');

const variableName = (entry: string): string => entry.slice(0, entry.indexOf('='));

/** Which input an op reads is told by that input's own part. */
function withoutInputs(op: Exclude<Op, ExecOp>): unknown {
  return op.type === 'copy' ? ({ ...op, input: 0 } satisfies CopyOp) : op;
}

function variablePart(entry: string): KeyPart {
  const name = variableName(entry);
  return { ...part(`env:${name}`, entry), ...(namesSecret(name) ? {} : shownAs(entry.slice(name.length + 1))) };
}

const part = (name: string, value: unknown): KeyPart => ({ name, digest: digestOf(value) });
