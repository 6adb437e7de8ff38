import { DockerfileError, OperatorError, type BuildGraph, type ExecOp, type Op, type SecretMount, type SecretProvider, type SourceRange, type Vertex } from '@strake/api';
import type { Store } from '@strake/oci';
import { createHmac } from 'node:crypto';
import type { BuildOptions } from '../build/build-options';
import { storeKey } from './store-key';

/** Build arguments whose values never enter the graph: something else stands for each while the file is lowered. */
export interface SecretArgs {
  /** The build's arguments, with what stands for the secret ones. */
  readonly buildArgs: NonNullable<BuildOptions['buildArgs']>;
  /** Gives the values to the programs of RUN, and takes what stands for them out of everything else. Throws INVALID_ARGUMENTS where a value would be in the image. */
  hide(graph: BuildGraph): BuildGraph;
}

const NOBODY: SecretArgs['hide'] = (graph) => graph;
const PREFIX = 'arg:';

/** Prepares `secretArgs`. Throws USAGE for a name that is given as another argument as well. */
export function openSecretArgs({ secretArgs = {}, buildArgs = {} }: BuildOptions, store: Store): SecretArgs {
  const names = Object.keys(secretArgs);
  if (names.length === 0) return { buildArgs, hide: NOBODY };
  const twice = names.find((name) => buildArgs[name] !== undefined);
  if (twice !== undefined) throw new OperatorError('USAGE', `the argument ${twice} is given as a secret one and as another`);
  const key = storeKey(store);
  const stands = new Map(names.map((name) => [`strake-secret-arg-${name}-${digest(key, name, secretArgs[name] ?? '')}`, name] as const));
  const given = Object.fromEntries([...stands].map(([value, name]) => [name, value]));
  return { buildArgs: { ...buildArgs, ...given }, hide: (graph) => new Hiding(stands).graph(graph) };
}

/** A provider that knows the arguments too, by the ids that `hide` has given them. */
export function withSecretArgs({ secretArgs }: BuildOptions, secrets: SecretProvider): SecretProvider {
  if (secretArgs === undefined) return secrets;
  return {
    get: async (id) => {
      const name = id.startsWith(PREFIX) ? id.slice(PREFIX.length, id.lastIndexOf('@')) : undefined;
      const value = name !== undefined && Object.hasOwn(secretArgs, name) ? secretArgs[name] : undefined;
      return value === undefined ? secrets.get(id) : Buffer.from(value);
    },
  };
}

const digest = (key: Buffer, name: string, value: string): string => createHmac('sha256', key).update(`${name}=${value}`).digest('hex').slice(0, 32);

class Hiding {
  /** From what stands for a value to the argument's name. */
  readonly #stands: ReadonlyMap<string, string>;

  constructor(stands: ReadonlyMap<string, string>) {
    this.#stands = stands;
  }

  graph(graph: BuildGraph): BuildGraph {
    const vertices = graph.vertices.map((vertex) => this.#vertex(vertex));
    for (const { steps } of graph.stages) for (const { config, keyword, range } of steps) this.#refuse(config, keyword, range);
    for (const { config } of graph.results) this.#refuse(config, 'the image config', undefined);
    return this.#masked({ ...graph, vertices });
  }

  #vertex(vertex: Vertex): Vertex {
    const { unkeyedEnv = [], ...rest } = vertex;
    const proxies = unkeyedEnv.filter((entry) => this.#nameOf(entry) !== undefined);
    const ops = vertex.ops.map((op) => (op.type === 'exec' ? this.#exec(op, proxies) : op));
    this.#refuse(ops, vertex.note.name.replace(/^\[[^\]]*\] /, ''), vertex.note.range);
    const others = unkeyedEnv.filter((entry) => !proxies.includes(entry));
    return { ...rest, ops, ...(others.length > 0 ? { unkeyedEnv: others } : {}) };
  }

  /** The variable of an argument is that of a secret, which has the digest of the value in its id: another value is another program. */
  #exec(op: ExecOp, proxies: readonly string[]): Op {
    const secret = [...op.env, ...proxies].filter((entry) => this.#nameOf(entry) !== undefined);
    if (secret.length === 0) return op;
    const mounts = secret.map((entry): SecretMount => {
      const at = entry.indexOf('=');
      const value = entry.slice(at + 1);
      return { type: 'secret', id: `${PREFIX}${this.#nameOf(entry) ?? ''}@${value.slice(value.lastIndexOf('-') + 1)}`, env: entry.slice(0, at), required: true, mode: 0o400, uid: 0, gid: 0 };
    });
    return { ...op, env: op.env.filter((entry) => !secret.includes(entry)), mounts: [...(op.mounts ?? []), ...mounts] };
  }

  #nameOf(entry: string): string | undefined {
    return this.#stands.get(entry.slice(entry.indexOf('=') + 1));
  }

  #refuse(data: unknown, where: string, range: SourceRange | undefined): void {
    const text = JSON.stringify(data);
    const found = [...this.#stands].find(([value]) => text.includes(value));
    if (found === undefined) return;
    throw new DockerfileError('INVALID_ARGUMENTS', `the secret argument ${found[1]} cannot be used here: its value would be in the image (${this.#masked(where)})`, {
      hint: 'only programs of RUN can have it, as a variable', ...(range === undefined ? {} : { range }),
    });
  }

  /** What people read has three stars instead. */
  #masked<T>(data: T): T {
    const values = [...this.#stands.keys()];
    const mask = (text: string): string => values.reduce((masked, value) => masked.replaceAll(value, '***'), text);
    const walk = (one: unknown): unknown => {
      if (typeof one === 'string') return mask(one);
      if (Array.isArray(one)) return one.map(walk);
      if (typeof one !== 'object' || one === null || Object.getPrototypeOf(one) !== Object.prototype) return one;
      return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, walk(value)]));
    };
    return walk(data) as T;
  }
}
