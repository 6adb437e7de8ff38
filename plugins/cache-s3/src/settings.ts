import { OperatorError } from '@strake/api';
import { countOf, durationOf, flagOf, invalid, type Written } from './attributes';

/** Credentials that are given, not found. */
export interface GivenCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where a cache lies, and how it is asked for. */
export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  /** Caches in the bucket, the most wanted first. */
  readonly names: readonly [string, ...string[]];
  /** Before all keys of blobs and of manifests. */
  readonly blobs: string;
  readonly manifests: string;
  readonly endpoint?: string;
  readonly pathStyle: boolean;
  readonly credentials?: GivenCredentials;
  readonly attempts: number;
  readonly retryMode: 'standard' | 'adaptive';
  /** Milliseconds after which a layer that is there is made young again. */
  readonly touchAfter: number;
  /** Layers that are sent at once. */
  readonly parallel: number;
}

/** What both directions take. */
export const SHARED_ATTRIBUTES = [
  'bucket', 'region', 'name', 'prefix', 'blobs_prefix', 'manifests_prefix', 'endpoint_url', 'use_path_style', 'access_key_id', 'secret_access_key', 'session_token', 'retry_mode', 'retry_max_attempts', 'disable_accept_encoding',
] as const;

const DAY = 86_400_000;
/** Of S3, of those who speak its language, and the ARNs of access points. */
const BUCKET = /^(?:[\w][\w.-]{1,254}|arn:[\w:/.-]+)$/;

/** Reads attributes as BuildKit's `type=s3` has them. Throws USAGE. */
export function readSettings(written: Written, env: NodeJS.ProcessEnv): S3Settings {
  const { attributes } = written;
  const bucket = wanted(written, 'bucket', env['AWS_BUCKET'], 'AWS_BUCKET');
  if (!BUCKET.test(bucket)) throw invalid({ ...written, attributes: { bucket } }, 'bucket', 'Write the name of a bucket.');
  const prefix = attributes['prefix'] ?? '';
  const endpoint = endpointOf(written);
  const credentials = credentialsOf(written, env);
  flagOf(written, 'disable_accept_encoding');
  return {
    bucket,
    region: wanted(written, 'region', env['AWS_REGION'] || env['AWS_DEFAULT_REGION'], 'AWS_REGION'),
    names: namesOf(written),
    blobs: `${prefix}${attributes['blobs_prefix'] ?? 'blobs/'}`,
    manifests: `${prefix}${attributes['manifests_prefix'] ?? 'manifests/'}`,
    ...(endpoint === undefined ? {} : { endpoint }),
    pathStyle: flagOf(written, 'use_path_style'),
    ...(credentials === undefined ? {} : { credentials }),
    attempts: countOf(written, 'retry_max_attempts', 3),
    retryMode: retryModeOf(written),
    touchAfter: durationOf(written, 'touch_refresh', DAY),
    parallel: countOf(written, 'upload_parallelism', 4),
  };
}

function wanted({ option, attributes }: Written, name: string, found: string | undefined, variable: string): string {
  const value = attributes[name] || found;
  if (value) return value;
  throw new OperatorError('USAGE', `${option} type=s3 needs ${name}`, { hint: `Write ${option} type=s3,${name}=…, or set ${variable}.` });
}

function namesOf(written: Written): S3Settings['names'] {
  const [first = '', ...others] = (written.attributes['name'] ?? 'buildkit').split(';');
  if ([first, ...others].every((name) => name !== '')) return [first, ...others];
  throw invalid(written, 'name', 'Write one name, or several with ";" between them.');
}

function endpointOf(written: Written): string | undefined {
  const value = written.attributes['endpoint_url'];
  if (!value) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.username || url?.password) throw new OperatorError('USAGE', `${written.option} type=s3: endpoint_url has a user or a password in it`, { hint: 'Give access_key_id and secret_access_key.' });
  if (url !== undefined && /^https?:$/.test(url.protocol)) return value;
  throw invalid(written, 'endpoint_url', 'Write an address as https://s3.example.com.');
}

function credentialsOf({ option, attributes }: Written, env: NodeJS.ProcessEnv): GivenCredentials | undefined {
  const given = pairOf(attributes['access_key_id'], attributes['secret_access_key'], attributes['session_token']);
  if (given !== undefined) return given;
  const lone = ['access_key_id', 'secret_access_key', 'session_token'].find((name) => attributes[name]);
  if (lone !== undefined) throw new OperatorError('USAGE', `${option} type=s3: ${lone} is given alone`, { hint: 'Give access_key_id and secret_access_key, or none of them: then they are looked for as the AWS tools do.' });
  // A profile that is asked for goes before what happens to be in the environment.
  return env['AWS_PROFILE'] ? undefined : pairOf(env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']);
}

function pairOf(accessKeyId?: string, secretAccessKey?: string, sessionToken?: string): GivenCredentials | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function retryModeOf(written: Written): S3Settings['retryMode'] {
  const mode = written.attributes['retry_mode'] ?? 'standard';
  if (mode === 'standard' || mode === 'adaptive') return mode;
  throw invalid(written, 'retry_mode', 'Choose standard or adaptive.');
}
