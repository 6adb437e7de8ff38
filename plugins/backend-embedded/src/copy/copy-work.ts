import type { Ids } from '@strake/oci';
import type { KeptTimes } from '../rootfs/kept-times';

/** What a copier works with. */
export interface CopyWork {
  /** The tree that is copied from. */
  readonly source: string;
  /** The tree that is written to. */
  readonly root: string;
  /** `--chown`, looked up; absent: as `keepOwner` says. */
  readonly owner: Ids | undefined;
  /** Whether files without `owner` keep theirs; otherwise they become 0:0. */
  readonly keepOwner: boolean;
  readonly times: KeptTimes;
  /** Files that changed at or after this time (milliseconds since the epoch) are compared with their digest again; absent for what cannot change. */
  readonly since: number | undefined;
  /** Whether what stands in the way gives way, as for an archive's entries; a conflict otherwise. */
  readonly replace?: boolean;
  /** Whether a directory of the source stands there only because of what is in it: then one that exists stays as it is. */
  readonly isImplied?: (path: string) => boolean;
  /** Throws when the work is to end. */
  check(): void;
  /** Told now and then how many of all entries are written. */
  progress(current: number, total: number): void;
}
