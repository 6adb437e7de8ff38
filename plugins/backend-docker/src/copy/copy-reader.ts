import type { TakenFile } from '@strake/context';
import type { TarHeader } from '@strake/oci';

/** What a copy has to know of a thing besides what selections tell. */
export interface CopyDetails extends Pick<TarHeader, 'type' | 'mtime' | 'target' | 'major' | 'minor' | 'xattrs'> {
  /** What all names of a file with several have in common. */
  readonly links?: string;
  /** Bytes of content now. */
  readonly size: number;
}

/** Where a copy's bytes come from. */
export interface CopyReader {
  /** Whether things keep their owners where nobody says another. */
  readonly keepOwner: boolean;
  details(file: TakenFile): CopyDetails;
  /** Exactly `size` bytes in pieces, each valid until the next. Throws CONTEXT_INVALID for what is not any more what the key was made of. */
  content(file: TakenFile, size: number): Iterable<Buffer>;
}
