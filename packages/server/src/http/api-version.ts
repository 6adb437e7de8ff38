import { HttpError } from './status-of';

/** What is spoken by default, and the range that a client may ask for in the path. */
export const API_VERSION = '1.43';
export const OLDEST_API_VERSION = '1.24';

/** A path without its version. */
export interface VersionedPath {
  readonly path: string;
  /** As asked for; undefined without a version. */
  readonly version: string | undefined;
}

/** Takes `/v1.41` off a path. */
export function splitVersion(path: string): VersionedPath {
  const [, version, rest] = /^\/v(\d+\.\d+)(\/.*)$/.exec(path) ?? [];
  return version === undefined || rest === undefined ? { path, version: undefined } : { path: rest, version };
}

/** Refuses versions that are not spoken, in the engine's words. Throws `HttpError` 400. */
export function checkVersion(version: string | undefined): void {
  if (version === undefined) return;
  if (compare(version, API_VERSION) > 0) throw new HttpError(400, `client version ${version} is too new. Maximum supported API version is ${API_VERSION}`);
  if (compare(version, OLDEST_API_VERSION) < 0) {
    throw new HttpError(400, `client version ${version} is too old. Minimum supported API version is ${OLDEST_API_VERSION}, please upgrade your client to a newer version`);
  }
}

/** Below zero when `left` is older. */
export function compare(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}
