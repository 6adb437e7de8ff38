import { CancelledError, OperatorError, StrakeError } from '@strake/api';
import type { S3Settings } from './settings';

/** What was done when it failed. */
export interface Doing {
  readonly settings: S3Settings;
  /** `write`, `read` and what: for people. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Takes control characters, and secrets, out of what a server says. */
  readonly clean: (text: string) => string;
}

interface AwsError {
  readonly name?: string;
  readonly message?: string;
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly cause?: unknown;
}

/** An error of AWS's libraries, or of the network, as one of strake's: CACHE_DENIED, CACHE_FAILED, CACHE_UNREACHABLE, IMAGE_MISSING, CANCELLED. Those of strake pass. */
export function explainError(error: unknown, doing: Doing): unknown {
  if (error instanceof StrakeError && !(error instanceof CancelledError)) return error;
  if (doing.signal.aborted) return new CancelledError({ cause: error });
  const { bucket, region } = doing.settings;
  const failure = error as AwsError;
  const status = failure.$metadata?.httpStatusCode;
  const lives = failure.$response?.headers?.['x-amz-bucket-region'] ?? failure.Region;
  if (lives !== undefined && lives !== region && status !== undefined && status !== 404) return new OperatorError('CACHE_FAILED', `the bucket ${bucket} is in the region ${doing.clean(lives)}, not in ${region}`, { hint: `Write region=${doing.clean(lives)}.` });
  return status === undefined ? withoutAnswer(failure, doing) : withAnswer(failure, status, doing);
}

function withoutAnswer(error: AwsError, { settings: { bucket, endpoint }, what, clean }: Doing): OperatorError {
  const said = clean(error.message ?? 'it gives no answer');
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError') {
    return new OperatorError('CACHE_DENIED', `there are no credentials to ${what}: ${said}`, { hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile by AWS_PROFILE, or give access_key_id and secret_access_key.' });
  }
  const where = endpoint === undefined ? `the bucket ${bucket}` : `the bucket ${bucket} at ${new URL(endpoint).host}`;
  return new OperatorError('CACHE_UNREACHABLE', `cannot reach ${where} to ${what}: ${said}`, { hint: 'Check region and endpoint_url, and the connection; with an endpoint of your own use_path_style=true may be needed. Behind a proxy set HTTPS_PROXY.', cause: error });
}

function withAnswer(error: AwsError, status: number, { settings: { bucket, region }, what, clean }: Doing): OperatorError {
  const name = /^[A-Za-z]\w{0,99}$/.test(error.name ?? '') && !/^(?:Error|Unknown|UnknownError|S3ServiceException)$/.test(error.name ?? '') ? error.name : undefined;
  const said = [name, clean(error.message ?? '')].filter((part) => part !== undefined && part !== '' && !/^Unknown(?:Error)?$/.test(part)).join(': ') || `HTTP status ${status}`;
  if (name === 'NoSuchKey') return new OperatorError('IMAGE_MISSING', `cannot ${what} in the bucket ${bucket}: it is not there`, { hint: 'Something has removed it. Write the cache again with --cache-to, or leave it out.' });
  if (name === 'NoSuchBucket') return new OperatorError('CACHE_FAILED', `there is no bucket ${bucket} in ${region}`, { hint: 'Make it, or check bucket and region.' });
  const denied = DENIALS.find(([pattern]) => pattern.test(name ?? ''));
  if (denied !== undefined || status === 401 || status === 403) {
    return new OperatorError('CACHE_DENIED', `it is not allowed to ${what} in the bucket ${bucket}: ${said}`, { hint: denied?.[1] ?? 'Check the credentials and what they may do: s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:ListBucket. Without the last a bucket denies what it does not have.' });
  }
  const moved = status >= 300 && status < 400;
  return new OperatorError('CACHE_FAILED', `the bucket ${bucket} failed to ${what}${moved ? ' and sends elsewhere' : ''}: ${said}`, moved ? { hint: 'Check region and endpoint_url.' } : {});
}

const DENIALS: readonly (readonly [RegExp, string])[] = [
  [/^RequestTimeTooSkewed$/, 'Set the clock of this machine.'],
  [/^SignatureDoesNotMatch$/, 'The secret access key is not that of the access key ID; or something on the way changes requests.'],
  [/^InvalidAccessKeyId$/, 'Check the access key ID, and whether the endpoint is the one that knows it.'],
  [/^(?:ExpiredToken|InvalidToken|TokenRefreshRequired)$/, 'Get new temporary credentials.'],
];
