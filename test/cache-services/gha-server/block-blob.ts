import { ServiceError } from '../service-error';

/** A block blob (Azure's REST API: Put Blob, Put Block, Put Block List). */
export class BlockBlob {
  readonly uncommitted = new Map<string, Buffer>();
  #committed = new Map<string, Buffer>();
  content: Buffer | undefined;

  put(bytes: Buffer): void {
    this.content = bytes;
    this.#committed = new Map();
    this.uncommitted.clear();
  }

  putBlock(id: string, bytes: Buffer): void {
    const decoded = Buffer.from(id, 'base64');
    if (decoded.toString('base64') !== id || decoded.length === 0 || decoded.length > 64) throw new ServiceError(400, 'InvalidQueryParameterValue', 'Value for one of the query parameters specified in the request URI is invalid.');
    const [other] = [...this.uncommitted.keys(), ...this.#committed.keys()];
    if (other !== undefined && other.length !== id.length) throw new ServiceError(400, 'InvalidBlobOrBlock', 'The specified blob or block content is invalid.');
    if (bytes.length === 0) throw new ServiceError(400, 'InvalidHeaderValue', 'The value for one of the HTTP headers is not in the correct format.');
    this.uncommitted.set(id, bytes);
  }

  /** Blocks that the list does not name are gone. */
  putBlockList(document: string): void {
    const named = [...document.matchAll(/<(Latest|Uncommitted|Committed)>([^<]*)<\/\1>/g)];
    const blocks = named.map(([, kind, id = '']) => {
      const block = (kind === 'Committed' ? undefined : this.uncommitted.get(id)) ?? (kind === 'Uncommitted' ? undefined : this.#committed.get(id));
      if (block === undefined) throw new ServiceError(400, 'InvalidBlockList', 'The specified block list is invalid.');
      return [id, block] as const;
    });
    this.#committed = new Map(blocks);
    this.uncommitted.clear();
    this.content = Buffer.concat(blocks.map(([, block]) => block));
  }
}
