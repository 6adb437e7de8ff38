import { createHash } from 'node:crypto';
import type { CacheBuild, CacheQuery, Digest, KeyPart, Vertex } from '@strake/api';
import { instructionText } from '@strake/api';
import type { Records, Store } from '@strake/oci';
import type { NamedDigest, PlaceRecord, StepRecord } from './cache-record';

/**
 * What the steps of Dockerfiles were built with last. A step is known again by its text, wherever it stands now; where the text is new, by
 * its place in the stage.
 */
export class StepHistory {
  readonly #steps: Records<StepRecord>;
  readonly #places: Records<PlaceRecord>;

  /** `prefix` begins the names of its folders. */
  constructor(store: Store, prefix = '') {
    this.#steps = store.cacheRecords(`${prefix}steps`);
    this.#places = store.cacheRecords(`${prefix}places`);
  }

  last({ vertex, build }: CacheQuery): StepRecord | undefined {
    const known = this.#steps.get(stepName(vertex, build));
    if (known !== undefined) return known;
    const place = this.#places.get(placeName(vertex, build));
    const there = place && this.#steps.get(place.step);
    // What stood there stands elsewhere now: the instruction was put before it, and is no other form of it.
    return there === undefined || textsOf(vertex, build).has(there.text) ? undefined : there;
  }

  remember({ vertex, key, build }: CacheQuery): void {
    const step = stepName(vertex, build);
    this.#steps.set(step, stepRecord(vertex, key.parts, build));
    this.#places.set(placeName(vertex, build), { step });
  }
}

const known = new WeakMap<CacheBuild, ReadonlyMap<string, ReadonlySet<string>>>();

/** The instructions of a vertex's stage in this build. */
function textsOf({ note }: Vertex, build: CacheBuild | undefined): ReadonlySet<string> {
  if (build?.steps === undefined) return new Set();
  const byStage = known.get(build) ?? new Map([...new Set(build.steps.map(({ stage }) => stage))].map((stage) => [stage, new Set(build.steps?.filter((other) => other.stage === stage).map(instructionText))]));
  known.set(build, byStage);
  return byStage.get(note.stage) ?? new Set();
}

function stepRecord({ note }: Vertex, parts: readonly KeyPart[], build: CacheBuild | undefined): StepRecord {
  const members = parts.flatMap(({ name, members }) => (members ? [[name, members()] as const] : []));
  return {
    text: instructionText(note),
    at: new Date().toISOString(),
    ...(build === undefined ? {} : { build: build.id }),
    parts: parts.map(namedDigest),
    members: Object.fromEntries(members),
  };
}

function namedDigest({ name, digest, value }: KeyPart): NamedDigest {
  const shown = value?.();
  return shown === undefined ? [name, digest] : [name, digest, shown];
}

/** Of equal instructions each has its own; so has what puts a linked layer on its stage, which is a second step of its instruction. */
function stepName(vertex: Vertex, build: CacheBuild | undefined): Digest {
  const { note, ops } = vertex;
  const part = ops[0]?.type === 'merge' ? ['merge'] : [];
  return digestOf([...stageOf(vertex, build), instructionText(note), ...(note.occurrence === undefined ? [] : [note.occurrence]), ...part]);
}

/** Its keyword and its number, whatever its arguments are now; the line of one that has no number. */
function placeName(vertex: Vertex, build: CacheBuild | undefined): Digest {
  const { name, range } = vertex.note;
  const place = /^\[(?:[^\]]* )?(\d+)\/\d+\] (\S+)/.exec(name)?.slice(1) ?? [`line ${range?.start.line}`, instructionText(vertex.note).split(/\s/, 1)[0]];
  return digestOf([...stageOf(vertex, build), place]);
}

const stageOf = ({ note }: Vertex, build: CacheBuild | undefined): readonly unknown[] => [build?.project, note.range?.file, note.stage, note.platform];

const digestOf = (value: unknown): Digest => `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
