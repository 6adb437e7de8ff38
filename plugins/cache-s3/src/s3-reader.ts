import type { CacheReader, Descriptor } from '@strake/api';
import { MAX_JSON_BYTES } from '@strake/oci';
import { Bucket } from './bucket';
import { blobKey, manifestKey, placeName } from './keys';
import type { S3Settings } from './settings';

/** Caches in a bucket. Nothing that comes from there is believed before its digest is verified. */
export class S3Reader implements CacheReader {
  readonly name: string;
  readonly #settings: S3Settings;
  readonly #bucket: Bucket;

  constructor(settings: S3Settings, env: NodeJS.ProcessEnv) {
    this.name = placeName(settings);
    this.#settings = settings;
    this.#bucket = new Bucket(settings, env);
  }

  async read(signal: AbortSignal): Promise<readonly Buffer[]> {
    const found = await Promise.all(this.#settings.names.map((name) => this.#bucket.small(manifestKey(this.#settings, name), MAX_JSON_BYTES, signal)));
    return found.filter((one) => one !== undefined);
  }

  open({ digest }: Descriptor, signal: AbortSignal): AsyncIterable<Buffer> {
    return this.#bucket.read(blobKey(this.#settings, digest), signal);
  }

  close(): Promise<void> {
    return this.#bucket.close();
  }
}
