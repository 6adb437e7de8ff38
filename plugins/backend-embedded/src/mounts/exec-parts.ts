import type { ApplyOptions, CopyInput, SecretProvider, SshProvider } from '@strake/api';
import type { Store } from '@strake/oci';
import type { MountSource } from '../worker/protocol';

/** What the mounts of a program are answered with. */
export interface ExecParts {
  readonly store: Store;
  readonly secrets: SecretProvider | undefined;
  readonly ssh: SshProvider | undefined;
  readonly inputs: readonly CopyInput[];
  readonly options: ApplyOptions;
  readonly signal: AbortSignal;
  /** Folders of the machine that hold CDI specifications; of two devices with one name that of the later folder counts. */
  readonly deviceFolders: readonly string[];
  /** A place of an input as a thread reads it. */
  source(input: CopyInput, path: string): Promise<MountSource>;
}
