import type { BuildEvent, Descriptor, Digest, Platform, PullPolicy } from '@strake/api';
import { OperatorError, StrakeError, suggest } from '@strake/api';
import { digestOf, familiarReference, findImage, formatReference, isIndex, parseManifest, parseReference, readImage, type Reference, type Store } from '@strake/oci';
import type { FetchedManifest } from '@strake/registry';
import type { LockFile } from './lock-file';
import type { RegistryAccess } from '../registries/registry-access';

/** What base images are found with. */
export interface BaseFinderParts {
  readonly store: Store;
  readonly registries: RegistryAccess;
  readonly policy: PullPolicy;
  /** No registry is asked, whatever the policy. */
  readonly offline: boolean;
  readonly lock: LockFile | undefined;
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
}

/** Makes sure that what a build must know of its base images is in the store: manifests and configs, no layers. */
export class BaseFinder {
  readonly #parts: BaseFinderParts;

  constructor(parts: BaseFinderParts) {
    this.#parts = parts;
  }

  /** Answers the reference that the backend is asked for: the same, or pinned. Throws what registries throw, and IMAGE_MISSING. */
  async ready(reference: string, platform: Platform): Promise<string> {
    const parsed = parsedName(reference);
    if (parsed === undefined) return reference;
    const { lock } = this.#parts;
    const locked = parsed.digest === undefined ? lock?.get(formatReference(parsed)) : undefined;
    if (locked === undefined && lock?.frozen === true && parsed.digest === undefined) {
      throw new OperatorError('IMAGE_MISSING', `${reference} is not in ${lock.path}`, { hint: 'The lock is frozen; add it with --lock.' });
    }
    const wanted = locked === undefined ? parsed : { ...parsed, digest: locked };
    const root = await this.#bring(wanted, reference, platform);
    if (lock !== undefined && root !== undefined && parsed.digest === undefined) this.#lock(lock, formatReference(parsed), root);
    return locked === undefined ? reference : formatReference(wanted);
  }

  #lock(lock: LockFile, name: string, root: Descriptor): void {
    // What no registry has can only be built here, and has another digest each time.
    if (this.#parts.store.remote.repositories(root.digest).length > 0) lock.set(name, root.digest);
  }

  async #bring(wanted: Reference, shown: string, platform: Platform): Promise<Descriptor | undefined> {
    const { policy, offline } = this.#parts;
    const here = this.#here(wanted);
    const complete = here !== undefined && this.#has(here, platform, shown);
    if (policy === 'never' || offline) return complete ? here : this.#refuse(shown, here, platform);
    if (complete && (policy === 'missing' || wanted.digest !== undefined)) return here;
    try {
      return await this.#ask(wanted, shown, platform, here);
    } catch (error) {
      if (policy === 'newer' && complete && isUnanswered(error)) return this.#keep(shown, here, error);
      throw this.#explained(error, shown);
    }
  }

  /** What the store has under the reference. */
  #here(wanted: Reference): Descriptor | undefined {
    try {
      return findImage(this.#parts.store, formatReference(wanted)).manifest;
    } catch (error) {
      if (error instanceof StrakeError && error.code === 'IMAGE_MISSING') return undefined;
      throw error;
    }
  }

  #has(root: Descriptor, platform: Platform, shown: string): boolean {
    try {
      readImage(this.#parts.store, root, platform, shown);
      return true;
    } catch (error) {
      if (error instanceof StrakeError && error.code === 'IMAGE_MISSING') return false;
      throw error;
    }
  }

  async #ask(wanted: Reference, shown: string, platform: Platform, here: Descriptor | undefined): Promise<Descriptor> {
    const { registries, store, signal, policy } = this.#parts;
    const name = formatReference(wanted);
    return this.#told(`[internal] load metadata for ${name}`, async () => {
      const client = await registries.client();
      const same = here !== undefined && ((policy === 'missing' && this.#isIndex(here)) || (await client.digestOf(name, { signal })) === here.digest);
      if (same && this.#has(here, platform, shown)) return here;
      return client.bringBase(store, name, platform, { signal, ...(same ? { known: this.#read(here) } : {}) });
    });
  }

  /** Of one that is here other platforms can be brought by their digests, without asking what the name stands for now. */
  #isIndex(root: Descriptor): boolean {
    return isIndex(parseManifest(this.#parts.store.blobs.read(root.digest), root.digest));
  }

  #read(descriptor: Descriptor): FetchedManifest {
    return { descriptor, bytes: this.#parts.store.blobs.read(descriptor.digest) };
  }

  /** Shown as a step of its own, as BuildKit does. */
  async #told<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { emit } = this.#parts;
    const vertex: Digest = digestOf(name);
    const note = { name, stage: '' };
    const begun = performance.now();
    const done = (error?: unknown): void => emit({ type: 'done', at: Date.now(), vertex, note, milliseconds: performance.now() - begun, ...(error === undefined ? {} : { error: messageOf(error) }) });
    emit({ type: 'started', at: Date.now(), vertex, note });
    try {
      const result = await work();
      done();
      return result;
    } catch (error) {
      done(error);
      throw error;
    }
  }

  #keep(shown: string, here: Descriptor, error: unknown): Descriptor {
    const message = `${shown} may be outdated: ${messageOf(error)}`;
    this.#parts.emit({ type: 'warning', at: Date.now(), diagnostic: { code: 'BaseImageNotChecked', severity: 'warning', message, hint: 'The image of the store was used.' } });
    return here;
  }

  /** The backend says what is missing; here only why nobody was asked. */
  #refuse(shown: string, here: Descriptor | undefined, platform: Platform): undefined {
    if (here !== undefined) readImage(this.#parts.store, here, platform, shown);
    try {
      findImage(this.#parts.store, shown);
    } catch (error) {
      if (!(error instanceof StrakeError) || error.code !== 'IMAGE_MISSING') throw error;
      const why = this.#parts.offline ? 'no registry is asked with --offline' : 'no registry is asked with --pull=never';
      throw new OperatorError('IMAGE_MISSING', `${error.message}, and ${why}`, { hint: [error.hint, 'A layout is named with --build-context NAME=oci-layout://PATH.'].filter(Boolean).join(' ') });
    }
    return undefined;
  }

  /** Whoever mistyped the name of an image that is here is told that name. */
  #explained(error: unknown, shown: string): unknown {
    if (!(error instanceof StrakeError) || !['IMAGE_MISSING', 'REGISTRY_DENIED', 'REGISTRY_UNREACHABLE'].includes(error.code)) return error;
    const others = this.#parts.store.names.list().map(({ name }) => name).filter((name) => name !== formatReference(parseReference(shown)));
    const near = suggest(shown, others.map((name) => familiarReference(parseReference(name))));
    if (near === undefined) return error;
    return new OperatorError(error.code, error.message, { hint: `Did you mean ${near}, which is in the store?`, notes: error.notes, cause: error });
  }
}

/** Undefined for an ID: no registry knows those. */
function parsedName(reference: string): Reference | undefined {
  return /^(?:sha256:)?[0-9a-f]{64}$/.test(reference) ? undefined : parseReference(reference);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function isUnanswered(error: unknown): boolean {
  return error instanceof StrakeError && (error.code === 'REGISTRY_UNREACHABLE' || error.code === 'REGISTRY_FAILED' || error.code === 'REGISTRY_DENIED');
}
