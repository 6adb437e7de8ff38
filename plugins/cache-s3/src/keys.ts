import type { Digest } from '@strake/api';
import type { S3Settings } from './settings';

/** The key of a layer: `blobs/sha256:…`. */
export function blobKey({ blobs }: S3Settings, digest: Digest): string {
  return `${blobs}${digest}`;
}

/** The key of a cache's document: `manifests/NAME`. */
export function manifestKey({ manifests }: S3Settings, name: string): string {
  return `${manifests}${name}`;
}

/** What people call a place: `s3 BUCKET/manifests/NAME`. */
export function placeName(settings: S3Settings): string {
  const [first, ...others] = settings.names;
  return `s3 ${settings.bucket}/${manifestKey(settings, first)}${others.map((name) => `, ${name}`).join('')}`;
}
