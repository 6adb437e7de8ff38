import { createHash } from 'node:crypto';
import { ServiceError } from '../service-error';

/** An object of a bucket. */
export interface S3Object {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Milliseconds since 1970; S3 tells whole seconds. */
  readonly modified: number;
}

interface Upload {
  readonly key: string;
  readonly type: string;
  readonly parts: Map<number, { readonly bytes: Buffer; readonly etag: string }>;
}

const LEAST_PART = 5 << 20;
const MOST_PARTS = 10_000;

/** A bucket in memory, with uploads in parts (S3 API reference, "Multipart upload limits", CompleteMultipartUpload). */
export class S3Objects {
  readonly objects = new Map<string, S3Object>();
  readonly uploads = new Map<string, Upload>();
  #next = 1;

  get(key: string): S3Object {
    const found = this.objects.get(key);
    if (found === undefined) throw new ServiceError(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
    return found;
  }

  put(key: string, bytes: Buffer, type: string, etag = md5(bytes)): S3Object {
    const object = { bytes, type, etag: `"${etag}"`, modified: Date.now() };
    this.objects.set(key, object);
    return object;
  }

  begin(key: string, type: string): string {
    const id = `upload-${this.#next++}`;
    this.uploads.set(id, { key, type, parts: new Map() });
    return id;
  }

  part(id: string, key: string, number: number, bytes: Buffer): string {
    const { parts } = this.#upload(id, key);
    if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) throw new ServiceError(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
    const etag = `"${md5(bytes)}"`;
    parts.set(number, { bytes, etag });
    return etag;
  }

  complete(id: string, key: string, document: string): S3Object {
    const { parts, type } = this.#upload(id, key);
    const named = [...document.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({ number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]), etag: /<ETag>(.*?)</.exec(part)?.[1]?.replaceAll('&quot;', '"') }));
    if (named.length === 0) throw new ServiceError(400, 'MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
    if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) throw new ServiceError(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
    const chosen = named.map(({ number, etag }) => {
      const part = parts.get(number);
      if (part === undefined || part.etag !== etag) throw new ServiceError(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
      return part;
    });
    if (chosen.slice(0, -1).some(({ bytes }) => bytes.length < LEAST_PART)) throw new ServiceError(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    this.uploads.delete(id);
    const etag = `${md5(Buffer.concat(chosen.map((part) => Buffer.from(part.etag.slice(1, -1), 'hex'))))}-${chosen.length}`;
    return this.put(key, Buffer.concat(chosen.map(({ bytes }) => bytes)), type, etag);
  }

  abort(id: string, key: string): void {
    this.#upload(id, key);
    this.uploads.delete(id);
  }

  #upload(id: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (upload?.key !== key) throw new ServiceError(404, 'NoSuchUpload', 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.');
    return upload;
  }
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');
