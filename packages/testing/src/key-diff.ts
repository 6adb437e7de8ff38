import { OperatorError, type BuildGraph, type ContainerConfig, type KeyPart, type Plugin, type ResolvedImage, type Vertex } from '@strake/api';
import { createRegistry, lowerDockerfile, parseDockerfile } from '@strake/core';
import { opParts } from '@strake/solver';
import { memoryImage } from './tree/memory-image';

/** What both Dockerfiles are lowered with. */
export interface KeyDiffOptions {
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Base images by reference; all others are missing. */
  readonly images?: Readonly<Record<string, ContainerConfig>>;
}

/** A step: its instruction, and the parts of its key. */
interface Step {
  readonly text: string;
  readonly parts: ReadonlyMap<string, string>;
}

const platform = { os: 'linux', architecture: 'amd64' };

/**
 * What changes in the cache keys between two Dockerfiles, or two instructions of a table (a text without FROM stands on scratch): a line for
 * each part, `RUN make: env:A changed`. Only what a step adds itself: that an earlier step changed is not said again of those after it, and files
 * that are copied are keyed by their content. Empty when every step has the same key. `plugins` are all that the texts need.
 */
export async function keyDiff(plugins: readonly Plugin[], before: string, after: string, options: KeyDiffOptions = {}): Promise<readonly string[]> {
  const [old, now] = [await stepsOf(plugins, before, options), await stepsOf(plugins, after, options)];
  const changed = now.flatMap((step, at) => (old[at] === undefined ? [`${step.text}: is new`] : differences(step, old[at])));
  return [...changed, ...old.slice(now.length).map(({ text }) => `${text}: is gone`)];
}

function differences({ text, parts }: Step, old: Step): readonly string[] {
  const changed = [...parts].filter(([name, digest]) => old.parts.get(name) !== digest).map(([name]) => `${text}: ${name} ${old.parts.has(name) ? 'changed' : 'is new'}`);
  return [...changed, ...[...old.parts.keys()].filter((name) => !parts.has(name)).map((name) => `${text}: ${name} is gone`)];
}

async function stepsOf(plugins: readonly Plugin[], text: string, options: KeyDiffOptions): Promise<readonly Step[]> {
  const { vertices } = await graphOf(plugins, /^\s*FROM\s/im.test(text) ? text : `FROM scratch\n${text}`, options);
  return vertices.filter(({ ops }) => ops.every(({ type }) => type !== 'source')).map((vertex) => ({ text: vertex.note.name.replace(/^\[.*?\] /, ''), parts: partsOf(vertex) }));
}

function partsOf(vertex: Vertex): ReadonlyMap<string, string> {
  return new Map(opParts(vertex).map(({ name, digest }: KeyPart) => [name, digest]));
}

async function graphOf(plugins: readonly Plugin[], text: string, { buildArgs = {}, images = {} }: KeyDiffOptions): Promise<BuildGraph> {
  const registry = plugins.reduce((all, plugin) => all.use(plugin), createRegistry()).freeze();
  const file = parseDockerfile(text, { file: 'Dockerfile', syntax: registry.syntax, directives: registry.directives });
  return lowerDockerfile(file, {
    registry, buildArgs, platform, buildPlatform: platform, labels: {}, namedContexts: new Set(), allStages: true,
    now: '1970-01-01T00:00:00Z', signal: new AbortController().signal,
    resolveImage: async (reference) => imageOf(reference, images),
  });
}

function imageOf(reference: string, images: NonNullable<KeyDiffOptions['images']>): ResolvedImage {
  const config = images[reference];
  if (config === undefined) throw new OperatorError('IMAGE_MISSING', `no image ${reference}`, { hint: 'give it in images' });
  const { manifest, config: file } = memoryImage({ config, layers: [{ base: reference }] });
  return { reference: `${reference}@${manifest.digest}`, digest: manifest.digest, platform, config: file };
}
