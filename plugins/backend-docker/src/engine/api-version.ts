import { OperatorError } from '@strake/api';
import type { EngineAddress } from './engine-address';

/** Of the engine's API. */
export type ApiVersion = readonly [major: number, minor: number];

/** The oldest that is spoken (Docker 20.10), and the newest: later ones keep back `ContainerConfig` and `Parent` of an image. */
const OLDEST: ApiVersion = [1, 41];
const NEWEST: ApiVersion = [1, 44];

/** The newest version that an engine says it speaks. Throws UNSUPPORTED where that is too old. */
export function newestOf(header: string | readonly string[] | undefined, address: EngineAddress): ApiVersion {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)$/.exec(String(header ?? '')) ?? [];
  const newest: ApiVersion = [Number(major), Number(minor)];
  if (isAtLeast(newest, OLDEST)) return newest;
  const spoken = header === undefined ? 'does not say which API it speaks' : `speaks API ${String(header)}`;
  throw new OperatorError('UNSUPPORTED', `the Docker Engine at ${address.shown} is too old: it ${spoken}, and ${OLDEST.join('.')} is needed`, { hint: 'Docker 20.10 is the oldest that will do.' });
}

/** The version that is spoken with an engine: `1.44`. */
export const settledOn = (newest: ApiVersion): string => (isAtLeast(newest, NEWEST) ? NEWEST : newest).join('.');

/** Whether an engine speaks a version: `1.48`. */
export function speaks(newest: ApiVersion, version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return isAtLeast(newest, [major, minor]);
}

const isAtLeast = ([major, minor]: ApiVersion, [wantedMajor, wantedMinor]: ApiVersion): boolean => major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
