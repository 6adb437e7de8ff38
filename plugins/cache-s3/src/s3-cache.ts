import type { CachePlaceType } from '@strake/api';
import { S3Reader } from './s3-reader';
import { S3Writer } from './s3-writer';
import { readSettings, SHARED_ATTRIBUTES } from './settings';

/** `type=s3`: a cache in a bucket of S3, or of a service that speaks its language. */
export function s3Cache(): CachePlaceType {
  return {
    type: 's3',
    summary: 'a bucket of S3 or of a service like it',
    network: true,
    from: {
      attributes: SHARED_ATTRIBUTES,
      open: (attributes, { env }) => new S3Reader(readSettings({ option: '--cache-from', attributes }, env), env),
    },
    to: {
      attributes: [...SHARED_ATTRIBUTES, 'touch_refresh', 'upload_parallelism'],
      open: (attributes, { env }) => new S3Writer(readSettings({ option: '--cache-to', attributes }, env), env),
    },
  };
}
