import { posix } from 'node:path';
import type { Mount } from '@strake/api';
import type { TargetFiles } from '../copy/target-files';

/** A mount, and where its target is in the tree: links are followed. */
export interface PlacedMount<M extends Mount = Mount> {
  readonly mount: M;
  readonly place: string;
}

/** Finds the places of mounts, parents first as they come. Of two with one place the later counts, as in BuildKit. `files` are those of the image; absent for none. */
export async function placeMounts(mounts: readonly Mount[], files: TargetFiles | undefined): Promise<readonly PlacedMount[]> {
  const placed = new Map<string, PlacedMount>();
  for (const mount of mounts) {
    if (mount.target === undefined) continue;
    const target = posix.normalize(mount.target);
    const place = files === undefined ? target : await files.resolve(target);
    placed.delete(place);
    placed.set(place, { mount, place });
  }
  return [...placed.values()];
}

/** Whether a place has a file system of its own while a program runs. */
const isOfTheKernel = (place: string): boolean => /^\/(?:dev|proc|sys)(?:\/|$)/.test(place);

/** The directories that are not there and have to be for something at a place, with the place itself where `own` says so; parents first. */
export async function missingAbove(place: string, own: boolean, files: TargetFiles | undefined): Promise<readonly string[]> {
  if (isOfTheKernel(place)) return [];
  const names = place.split('/').filter((name) => name !== '');
  const paths = names.map((_, at) => `/${names.slice(0, at + 1).join('/')}`).slice(0, own ? undefined : -1);
  if (files === undefined) return paths;
  const kinds = await Promise.all(paths.map((path) => files.kind(path)));
  return paths.filter((_, at) => kinds[at] === undefined);
}

/** The deepest of some places that another one lies below. */
export function coverOf<P extends PlacedMount>(place: string, among: readonly P[]): P | undefined {
  return among.filter((other) => place.startsWith(`${other.place}/`)).sort((left, right) => right.place.length - left.place.length)[0];
}
