import type { ApplyOptions, BindMount, CacheMount, CopyInput, TmpfsMount } from '@strake/api';
import type { CopySource } from '../copy/apply-copy';
import type { StepVolumes } from '../run/step-spec';
import type { HeldCaches } from './hold-caches';
import { inputOf, isCache, isTmpfs, type BoundMount } from './mount-kinds';
import { coverOf, type PlacedMount } from './mount-places';
import type { ShownFile } from './shown-files';
import { CACHE_LABEL, type Volumes } from './volumes';

/** What volumes are made and filled with. */
export interface VolumeSources {
  readonly volumes: Volumes;
  take(mount: BindMount | CacheMount, input: CopyInput): Promise<CopySource>;
}

/** The mounts that are the engine's: volumes with the files of directories and caches, and memory. */
export async function mountedVolumes(placed: readonly PlacedMount[], directories: readonly BoundMount[], shown: readonly ShownFile[], caches: HeldCaches, inputs: readonly CopyInput[], parts: VolumeSources, options: ApplyOptions): Promise<StepVolumes> {
  const { volumes } = parts;
  const made: object[] = [];
  for (const directory of directories) {
    const { mount, place, source } = directory;
    const inside = shown.filter((file) => coverOf(file.place, directories) === directory).map((file) => ({ ...file, path: file.place.slice(place.length) }));
    const name = await volumes.directory(source, { key: mount.readonly ? JSON.stringify([inputs[mount.input], mount.source]) : undefined, inside }, options);
    made.push(mountOf(name, place, mount.readonly));
  }
  for (const { mount, place } of placed.filter(isCache)) {
    const { from } = mount;
    const start = from === undefined ? undefined : await parts.take(mount, inputOf(from.input, inputs));
    const name = caches.volumeOf(mount);
    await volumes.cache(name, mount, start, options);
    made.push(mountOf(name, place, mount.readonly, { [CACHE_LABEL]: mount.id }));
  }
  const tmpfs = placed.filter(isTmpfs).map(({ mount, place }) => [place, tmpfsOptions(mount)] as const);
  return { volumes: made, tmpfs: Object.fromEntries(tmpfs) };
}

/** An engine makes a volume that somebody has just removed: with the labels that it had. */
const mountOf = (Source: string, Target: string, ReadOnly: boolean, Labels: Readonly<Record<string, string>> = {}): object => ({ Type: 'volume', Source, Target, ReadOnly, VolumeOptions: { NoCopy: true, Labels } });

/** Engines make one that nothing can be started from, and with the mode of what it hides. */
const tmpfsOptions = ({ size, readonly: isReadonly }: TmpfsMount): string => [isReadonly === true ? 'ro' : 'rw', 'exec', 'dev', 'nosuid', 'mode=1777', ...(size === undefined ? [] : [`size=${size}`])].join(',');
