import { isDeepStrictEqual } from 'node:util';
import type { FileFacts, ImageFacts } from '../image/image-facts';

/** The facts of a built image as they are kept: what a base image brings is named and not repeated. Plain JSON. */
export interface CompactFacts {
  /** The base whose tree is nearest; absent when writing the tree out is shorter. */
  readonly base?: string;
  readonly config: ImageFacts['config'];
  readonly history: ImageFacts['history'];
  /** The names a layer brings, or `BASE#INDEX` for a layer of a base. */
  readonly layers: readonly (string | readonly string[])[];
  /** Paths of the base that the image has not. */
  readonly without: readonly string[];
  /** Files that the base has not, or has otherwise; empty fields left out. */
  readonly files: Readonly<Record<string, FileFacts>>;
}

/** The facts of the base images by name: what compact facts are relative to. */
export type BaseFacts = Readonly<Record<string, ImageFacts>>;

const fields = ['type', 'mode', 'owner', 'link', 'device', 'xattrs', 'size', 'sha256', 'names', 'mtime'] as const;
const noXattrs = '[]';

/** Makes facts small. `expandFacts` gives back exactly the same. */
export function compactFacts(facts: ImageFacts, bases: BaseFacts): CompactFacts {
  const candidates = [relativeTo(facts, undefined, {}), ...Object.entries(bases).map(([name, base]) => relativeTo(facts, name, base.tree))];
  const [smallest = candidates[0]] = candidates.sort((left, right) => sizeOf(left) - sizeOf(right));
  if (smallest === undefined) throw new TypeError('there is always one candidate');
  const known = Object.entries(bases).flatMap(([name, base]) => base.layers.map((names, index) => ({ names, text: `${name}#${index}` })));
  return { ...smallest, layers: facts.layers.map((names) => known.find((layer) => layer.names.length > 0 && isDeepStrictEqual(layer.names, names))?.text ?? names) };
}

/** The facts that were made small. Throws when they name a base that is not there. */
export function expandFacts({ base, config, history, layers, without, files }: CompactFacts, bases: BaseFacts): ImageFacts {
  const below = base === undefined ? {} : baseOf(bases, base).tree;
  const kept = Object.entries(below).filter(([path]) => !without.includes(path));
  const own = Object.entries(files).map(([path, file]) => [path, withEmptyFields(file)] as const);
  return {
    config,
    history,
    layers: layers.map((layer) => (typeof layer === 'string' ? layerOf(bases, layer) : layer)),
    tree: Object.fromEntries([...new Map([...kept, ...own])].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function relativeTo(facts: ImageFacts, base: string | undefined, below: ImageFacts['tree']): CompactFacts {
  const { config, history, layers, tree } = facts;
  return {
    ...(base === undefined ? {} : { base }),
    config,
    history,
    layers,
    without: Object.keys(below).filter((path) => tree[path] === undefined),
    files: Object.fromEntries(Object.entries(tree).filter(([path, file]) => !isDeepStrictEqual(file, below[path])).map(([path, file]) => [path, withoutEmptyFields(file)])),
  };
}

const sizeOf = (facts: CompactFacts | undefined): number => (facts === undefined ? Infinity : facts.without.length + Object.keys(facts.files).length);

function withoutEmptyFields(file: FileFacts): FileFacts {
  return Object.fromEntries(Object.entries(file).filter(([name, value]) => value !== (name === 'xattrs' ? noXattrs : '')));
}

function withEmptyFields(file: FileFacts): FileFacts {
  return Object.fromEntries(fields.map((name) => [name, file[name] ?? (name === 'xattrs' ? noXattrs : '')]));
}

function baseOf(bases: BaseFacts, name: string): ImageFacts {
  const facts = bases[name];
  if (facts === undefined) throw new Error(`no base image ${name}`);
  return facts;
}

function layerOf(bases: BaseFacts, text: string): readonly string[] {
  const [name = '', index] = text.split('#');
  const names = baseOf(bases, name).layers[Number(index)];
  if (names === undefined) throw new Error(`no layer ${text}`);
  return names;
}
