import type { Digest } from '@strake/api';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a URL brought the last time. */
export interface UrlRecord {
  readonly etag: string;
  readonly digest: Digest;
  /** Seconds since 1970, where the server told it. */
  readonly modified?: number;
}

const pathOf = (cacheDirectory: string, url: string): string => join(cacheDirectory, 'urls', createHash('sha256').update(url).digest('hex'));

/** Undefined where there is none, or none that can be read: it is only a memory. */
export function readRecord(cacheDirectory: string, url: string): UrlRecord | undefined {
  try {
    const { etag, digest, modified } = JSON.parse(readFileSync(pathOf(cacheDirectory, url), 'utf8')) as Partial<UrlRecord>;
    if (typeof etag !== 'string' || typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
    return { etag, digest, ...(typeof modified === 'number' ? { modified } : {}) };
  } catch {
    return undefined;
  }
}

/** Written at once or not at all. */
export function writeRecord(cacheDirectory: string, url: string, record: UrlRecord): void {
  const path = pathOf(cacheDirectory, url);
  mkdirSync(join(cacheDirectory, 'urls'), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
  renameSync(temporary, path);
}
