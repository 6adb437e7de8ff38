import type { ApplyOptions, CopyInput, ExecOp, Mount, SecretProvider, SshProvider } from '@strake/api';
import type { Store } from '@strake/oci';
import type { TargetFiles } from '../copy/target-files';
import type { StepVolumes } from '../run/step-spec';
import { askAgents, askSecrets, secretVariable } from './ask-secrets';
import { checkCovers } from './check-covers';
import { isDirectory } from './fill-volume';
import { holdCaches } from './hold-caches';
import { inputOf, isBind, type BoundMount } from './mount-kinds';
import { coverOf, missingAbove, placeMounts, type PlacedMount } from './mount-places';
import { mountedVolumes, type VolumeSources } from './mounted-volumes';
import { ShownFiles } from './shown-files';
import { shownFiles } from './shown-mounts';

/** What the mounts of a program are answered with. */
export interface MountParts extends VolumeSources {
  readonly store: Store;
  readonly records: string;
  readonly secrets: SecretProvider | undefined;
  readonly ssh: SshProvider | undefined;
}

/** A program's mounts, ready for a container. */
export interface PreparedMounts {
  readonly volumes: StepVolumes;
  readonly files: ShownFiles;
  /** Directories that the engine makes to mount on, deepest first. */
  readonly points: readonly string[];
  /** Secrets as variables. */
  readonly secretEnv: readonly string[];
  /** What must not be seen in the output. */
  readonly hidden: readonly Buffer[];
  release(): Promise<void>;
}

/**
 * Gets what the mounts of a program ask for: directories become volumes of the engine, files are shown by the container's first process, secrets only in its memory.
 * `files` are those of the image that the container begins with. Throws SECRET_MISSING, SOURCE_MISSING, INVALID_FLAG, CANCELLED.
 */
export async function prepareMounts({ mounts = [] }: ExecOp, inputs: readonly CopyInput[], files: TargetFiles | undefined, parts: MountParts, options: ApplyOptions): Promise<PreparedMounts> {
  const secrets = await askSecrets(mounts, parts.secrets);
  const agents = await askAgents(mounts, parts.ssh);
  const isGiven = (mount: Mount): boolean => (mount.type === 'secret' ? secrets.get(mount.id) !== undefined : mount.type !== 'ssh' || agents.get(mount.id) !== undefined);
  const placed = await placeMounts(mounts.filter(isGiven), files);
  const caches = await holdCaches(mounts.filter((mount) => mount.type === 'cache'), { store: parts.store, records: parts.records, inputs, options });
  try {
    const bound = await Promise.all(placed.filter(isBind).map(async (one) => ({ ...one, source: await parts.take(one.mount, inputOf(one.mount.input, inputs)) })));
    const directories = bound.filter(({ source }) => isDirectory(source));
    checkCovers(placed, directories);
    const shown = await shownFiles(placed, bound.filter(({ source }) => !isDirectory(source)), { secrets, agents }, files, directories);
    const volumes = await mountedVolumes(placed, directories, shown, caches, inputs, parts, options);
    const own = shown.filter(({ content, place }) => content.kind !== 'copy' || coverOf(place, directories) === undefined);
    return {
      volumes, files: new ShownFiles(own), points: await pointsOf(placed, bound, files),
      secretEnv: mounts.flatMap((mount) => (mount.type === 'secret' ? secretVariable(mount, secrets) : [])),
      hidden: [...secrets.values()].flatMap((value) => (value === undefined || value.length === 0 ? [] : [value])),
      release: async () => {
        caches.release();
        await parts.volumes.dropWritten();
      },
    };
  } catch (error) {
    caches.release();
    throw error;
  }
}

async function pointsOf(placed: readonly PlacedMount[], bound: readonly BoundMount[], files: TargetFiles | undefined): Promise<readonly string[]> {
  const mounted = placed.filter(({ mount, place }) => mount.type === 'cache' || mount.type === 'tmpfs' || bound.some((one) => one.place === place && isDirectory(one.source)));
  const missing = await Promise.all(mounted.filter(({ place }) => coverOf(place, mounted) === undefined).map(({ place }) => missingAbove(place, true, files)));
  return [...new Set(missing.flat())].sort((left, right) => right.length - left.length);
}

/** Whether a program has mounts for which its container must be its own. */
export const needsOwnContainer = (mounts: readonly Mount[]): boolean => mounts.some(({ type }) => type !== 'secret' && type !== 'ssh');
