import { InternalError, type BindMount, type CacheMount, type CopyInput, type SecretMount, type SshMount, type TmpfsMount } from '@strake/api';
import type { CopySource } from '../copy/apply-copy';
import type { PlacedMount } from './mount-places';

/** A mount of files, and where they come from. */
export type BoundMount = PlacedMount<BindMount> & { readonly source: CopySource };

export const isBind = (placed: PlacedMount): placed is PlacedMount<BindMount> => placed.mount.type === 'bind';
export const isCache = (placed: PlacedMount): placed is PlacedMount<CacheMount> => placed.mount.type === 'cache';
export const isTmpfs = (placed: PlacedMount): placed is PlacedMount<TmpfsMount> => placed.mount.type === 'tmpfs';
export const isSsh = (placed: PlacedMount): placed is PlacedMount<SshMount> => placed.mount.type === 'ssh';
export const isSecret = (placed: PlacedMount): placed is PlacedMount<SecretMount> => placed.mount.type === 'secret';

/** The input of a step that a mount begins with. */
export function inputOf(number: number, inputs: readonly CopyInput[]): CopyInput {
  const input = inputs[number];
  if (input === undefined) throw new InternalError(`a mount has no input ${number}`);
  return input;
}
