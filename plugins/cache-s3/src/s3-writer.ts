import type { CacheBlob, CacheWriter } from '@strake/api';
import { Turns } from '@strake/oci';
import { Bucket } from './bucket';
import { blobKey, manifestKey, placeName } from './keys';
import type { S3Settings } from './settings';

/** Writes a cache into a bucket: layers first, then its document under each name. Each object takes its place whole, or not at all. */
export class S3Writer implements CacheWriter {
  readonly name: string;
  readonly #settings: S3Settings;
  readonly #bucket: Bucket;
  readonly #turns: Turns;

  constructor(settings: S3Settings, env: NodeJS.ProcessEnv) {
    this.name = placeName(settings);
    this.#settings = settings;
    this.#bucket = new Bucket(settings, env);
    this.#turns = new Turns(settings.parallel);
  }

  put(blob: CacheBlob, signal: AbortSignal): Promise<'done' | 'exists'> {
    return this.#turns.take(async () => {
      const { digest, size, mediaType } = blob.descriptor;
      const key = blobKey(this.#settings, digest);
      const head = await this.#bucket.head(key, signal);
      if (head !== undefined && head.size === size) {
        if (Date.now() - head.modified > this.#settings.touchAfter) await this.#bucket.touch(key, size, signal);
        return 'exists';
      }
      await this.#bucket.write(key, { content: blob.open(), size, type: mediaType }, signal);
      return 'done';
    });
  }

  async commit(document: Buffer, _layers: unknown, signal: AbortSignal): Promise<void> {
    for (const name of this.#settings.names) {
      const content = { content: only(document), size: document.length, type: 'application/json' };
      await this.#bucket.write(manifestKey(this.#settings, name), content, signal);
    }
  }

  close(): Promise<void> {
    return this.#bucket.close();
  }
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
