import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { inParallel, isIndex, parseManifest, type Index } from '@strake/oci';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource, ContentTarget, PutOutcome } from './content';

/** One blob on its way. */
export interface TransferProgress {
  readonly descriptor: Descriptor;
  readonly kind: 'layer' | 'config';
  readonly state: 'waiting' | 'running' | PutOutcome['state'];
  /** Bytes so far. */
  readonly current: number;
  /** The repository that it was mounted from, without its host. */
  readonly from?: string;
}

/** How images are transferred. */
export interface TransferOptions {
  /** Which of an index's entries go along; all without it. */
  readonly choose?: (index: Index) => readonly Descriptor[];
  /** Of an index of which one entry was chosen, that entry alone is what arrives. */
  readonly flatten?: boolean;
  /** Looks at the root before anything is brought, and throws what is wrong with it. */
  readonly check?: (root: FetchedManifest, source: ContentSource) => Promise<void>;
  /** Blobs at the same time. */
  readonly parallel: number;
  readonly progress: (progress: TransferProgress) => void;
}

const MOST_DEPTH = 4;

/** Moves an image, or an index with its images, blobs first. What arrives has the bytes, and so the digests, of what was sent. Answers the root that arrived. */
export async function transfer(source: ContentSource, target: ContentTarget, options: TransferOptions): Promise<FetchedManifest> {
  try {
    const root = await chooseRoot(source, await source.root(), options);
    await options.check?.(root, source);
    const walk = new Walk(source, target, options);
    await walk.manifest(root, 0);
    await target.putManifest(root, true);
    await target.end(false);
    return root;
  } catch (error) {
    await target.end(true);
    throw error;
  } finally {
    source.close();
  }
}

async function chooseRoot(source: ContentSource, root: FetchedManifest, { choose, flatten }: TransferOptions): Promise<FetchedManifest> {
  const parsed = parseManifest(root.bytes, root.descriptor.digest);
  if (!isIndex(parsed) || choose === undefined || flatten !== true) return root;
  const [only, ...more] = choose(parsed);
  return only === undefined || more.length > 0 ? root : chooseRoot(source, await source.manifest(only), { ...({ choose, flatten } as TransferOptions) });
}

class Walk {
  readonly #source: ContentSource;
  readonly #target: ContentTarget;
  readonly #options: TransferOptions;
  readonly #put = new Map<string, Promise<void>>();

  constructor(source: ContentSource, target: ContentTarget, options: TransferOptions) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
  }

  /** Everything below a manifest. */
  async manifest({ descriptor, bytes }: FetchedManifest, depth: number): Promise<void> {
    if (depth > MOST_DEPTH) throw new OperatorError('IMAGE_INVALID', `${descriptor.digest}: its indexes are nested too deeply`);
    const parsed = parseManifest(bytes, `the manifest ${descriptor.digest}`);
    if (isIndex(parsed)) {
      for (const child of this.#options.choose?.(parsed) ?? parsed.manifests) {
        const manifest = await this.#source.manifest(child);
        await this.manifest(manifest, depth + 1);
        await this.#target.putManifest(manifest, false);
      }
      return;
    }
    const blobs = [...parsed.layers.filter(isDistributable).map((layer) => ({ descriptor: layer, kind: 'layer' as const })), { descriptor: parsed.config, kind: 'config' as const }];
    for (const blob of blobs) this.#options.progress({ ...blob, state: 'waiting', current: 0 });
    await inParallel(blobs, this.#options.parallel, ({ descriptor: one, kind }) => this.#blob(one, kind));
  }

  #blob(descriptor: Descriptor, kind: TransferProgress['kind']): Promise<void> {
    const running = this.#put.get(descriptor.digest) ?? this.#start(descriptor, kind);
    this.#put.set(descriptor.digest, running);
    return running;
  }

  async #start(descriptor: Descriptor, kind: TransferProgress['kind']): Promise<void> {
    const { progress } = this.#options;
    const { state, from } = await this.#target.put(descriptor, this.#source, (current) => progress({ descriptor, kind, state: 'running', current }));
    progress({ descriptor, kind, state, current: descriptor.size, ...(from === undefined ? {} : { from }) });
  }
}

/** Some base layers of Windows may not be pushed anywhere; their manifests say where they are. */
function isDistributable({ mediaType }: Descriptor): boolean {
  return !/nondistributable|foreign/.test(mediaType);
}
