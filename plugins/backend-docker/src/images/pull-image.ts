import type { Digest, KeptPulled, KeptPullOptions } from '@strake/api';
import { parseReference } from '@strake/oci';
import { EngineError, type EngineMessage } from '../engine';
import { explained, type ReadyParts } from './ready-image';
import { registryAuth } from './registry-auth';

/**
 * Lets the engine pull an image or, without a tag and a digest, all tags of a repository, with the credential of that registry alone. Everything that it says is
 * passed on. Throws IMAGE_MISSING, REGISTRY_DENIED, REGISTRY_FAILED, REGISTRY_UNREACHABLE.
 */
export async function pullImage(reference: string, options: KeptPullOptions, { client, credential }: ReadyParts): Promise<readonly KeptPulled[]> {
  const { platform, signal } = options;
  const { repository } = parseReference(reference);
  // What stands behind the repository: a tag that is not there by default.
  const tag = reference.slice(repository.length + 1);
  const auth = await registryAuth(repository, credential);
  const said = new PullReport(repository, tag);
  try {
    await client.images.pull(repository, {
      signal, tell: (message) => {
        said.read(message);
        options.tell({ status: message.status ?? '', ...(message.id === undefined ? {} : { id: message.id }), ...message.progressDetail });
      },
      ...(tag === '' ? {} : { tag }), ...(platform === undefined ? {} : { platform }), ...(auth === undefined ? {} : { auth }),
    });
  } catch (error) {
    throw error instanceof EngineError ? explained(error, repository, error.said) : error;
  }
  return said.pulled;
}

/** Reads what was pulled out of what the engine says. */
class PullReport {
  readonly #repository: string;
  readonly #digests = new Map<string, Digest>();
  #tag: string;
  #upToDate = false;

  constructor(repository: string, tag: string) {
    this.#repository = repository;
    this.#tag = tag;
  }

  get pulled(): readonly KeptPulled[] {
    return [...this.#digests].map(([tag, digest]) => ({ name: `${this.#repository}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`, digest, upToDate: this.#upToDate }));
  }

  read({ id, status = '' }: EngineMessage): void {
    if (id !== undefined && status.startsWith('Pulling from ')) this.#tag = id;
    const digest = /^Digest: (sha256:[0-9a-f]{64})$/.exec(status)?.[1];
    if (digest !== undefined) this.#digests.set(this.#tag, digest as Digest);
    if (status.startsWith('Status: ')) this.#upToDate = status.startsWith('Status: Image is up to date');
  }
}
