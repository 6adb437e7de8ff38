import type { PullMessage } from '@strake/api';
import type { PulledImage, Registries } from 'strake';
import { familiarName } from './familiar-name';
import { progressTo, type Tell } from './transfer-messages';

/**
 * Pulls one image or, where neither a tag nor a digest is named, all tags of a repository, as the engine does, and tells it in the engine's words: its own, where
 * a backend pulls by an engine.
 */
export async function pullImages(registries: Registries, reference: string, tell: Tell, options: { readonly signal: AbortSignal; readonly platform?: string }): Promise<readonly PulledImage[]> {
  const lines = new PullLines(reference, tell);
  const one = tagOf(reference);
  const all = { ...options, onMessage: (message: PullMessage) => lines.pass(message), onProgress: progressTo((message) => lines.progress(message), 'pull') };
  const pulled = one === undefined ? await registries.pullAllTags(reference, { ...all, onBegin: (name) => lines.tag(name), onTag: (image) => lines.image(image) }) : [await registries.pull(reference, all)];
  if (one !== undefined) pulled.forEach((image) => lines.image(image));
  lines.end(pulled);
  return pulled;
}

/** The engine's lines of a pull; none of them where an engine tells its own. */
class PullLines {
  readonly #reference: string;
  readonly #tell: Tell;
  #passed = false;
  #begun: string | undefined;
  #tag: string | undefined;

  constructor(reference: string, tell: Tell) {
    this.#reference = reference;
    this.#tell = tell;
    this.#tag = tagOf(reference);
  }

  pass(message: PullMessage): void {
    this.#passed = true;
    this.#tell(messageOf(message));
  }

  /** One of several tags. */
  tag(name: string): void {
    this.#tag = tagOf(name);
  }

  /** Of a layer. What is pulled is told before the first one, and not before the registry has answered: until then a failure is a status. */
  progress(message: Parameters<Tell>[0]): void {
    this.#begin(this.#tag);
    this.#tell(message);
  }

  image({ name, manifest }: PulledImage): void {
    if (this.#passed) return;
    this.#begin(tagOf(name));
    this.#tell({ status: `Digest: ${manifest.digest}` });
  }

  end(pulled: readonly PulledImage[]): void {
    if (this.#passed) return;
    const shown = tagOf(this.#reference) === undefined ? this.#reference : (pulled[0]?.name ?? this.#reference);
    this.#tell({ status: `Status: ${pulled.every(({ upToDate }) => upToDate) ? 'Image is up to date for' : 'Downloaded newer image for'} ${familiarName(shown)}` });
  }

  #begin(tag: string | undefined): void {
    if (tag === undefined || tag === this.#begun) return;
    this.#begun = tag;
    this.#tell({ status: `Pulling from ${pathOf(this.#reference)}`, id: tag });
  }
}

function messageOf({ id, status, current, total }: PullMessage): Parameters<Tell>[0] {
  return { status, ...(id === undefined ? {} : { id }), progressDetail: current === undefined ? {} : { current, ...(total === undefined ? {} : { total }) } };
}

/** The tag or the digest. */
const tagOf = (reference: string): string | undefined => /@(.+)$|:([^/]+)$/.exec(reference)?.slice(1).find((part) => part !== undefined);

/** A repository without its registry: what Docker's own are in is said. */
function pathOf(reference: string): string {
  const [first = '', ...rest] = reference.replace(/@.*$|:[^/:]*$/, '').split('/');
  if (rest.length === 0) return `library/${first}`;
  return /[.:]|^localhost$/.test(first) ? rest.join('/') : [first, ...rest].join('/');
}
