import { DockerfileError, InternalError, type ApplyOptions, type BindMount, type CacheMount, type CopyInput, type ExecOp, type Mount, type SecretMount, type SecretProvider, type SshMount, type SshProvider, type TmpfsMount } from '@strake/api';
import type { Store } from '@strake/oci';
import type { CopySource } from '../copy/apply-copy';
import type { TargetFiles } from '../copy/target-files';
import type { StepVolumes } from '../run/step-spec';
import { askAgents, askSecrets, secretVariable, type Agents, type Secrets } from './ask-secrets';
import { isDirectory } from './fill-volume';
import { holdCaches, type HeldCaches } from './hold-caches';
import { coverOf, missingAbove, placeMounts, type PlacedMount } from './mount-places';
import { ShownFiles, type ShownFile } from './shown-files';
import { CACHE_LABEL, type Volumes } from './volumes';

/** What the mounts of a program are answered with. */
export interface MountParts {
  readonly store: Store;
  readonly records: string;
  readonly secrets: SecretProvider | undefined;
  readonly ssh: SshProvider | undefined;
  readonly volumes: Volumes;
  take(mount: BindMount | CacheMount, input: CopyInput): Promise<CopySource>;
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

interface Values {
  readonly secrets: Secrets;
  readonly agents: Agents;
}

type BoundDirectory = PlacedMount<BindMount> & { readonly source: CopySource };

/** Where values are while a program runs: the container's memory. */
const MEMORY = '/dev/.strake';

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
    const volumes = await volumesOf(placed, directories, shown, caches, inputs, parts, options);
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

const isBind = (placed: PlacedMount): placed is PlacedMount<BindMount> => placed.mount.type === 'bind';
const isCache = (placed: PlacedMount): placed is PlacedMount<CacheMount> => placed.mount.type === 'cache';
const isTmpfs = (placed: PlacedMount): placed is PlacedMount<TmpfsMount> => placed.mount.type === 'tmpfs';
const isSsh = (placed: PlacedMount): placed is PlacedMount<SshMount> => placed.mount.type === 'ssh';
const isSecret = (placed: PlacedMount): placed is PlacedMount<SecretMount> => placed.mount.type === 'secret';

function inputOf(number: number, inputs: readonly CopyInput[]): CopyInput {
  const input = inputs[number];
  if (input === undefined) throw new InternalError(`a mount has no input ${number}`);
  return input;
}

/** What lies in a directory that cannot be written must be there already. */
function checkCovers(placed: readonly PlacedMount[], directories: readonly BoundDirectory[]): void {
  for (const { mount, place } of placed) {
    const cover = coverOf(place, directories);
    if (cover?.mount.readonly !== true || has(cover, place)) continue;
    throw new DockerfileError('INVALID_FLAG', `${mount.target ?? place} is not in the mount at ${cover.mount.target}, and cannot be made there: it is read-only`, {
      at: '--mount', hint: `make it where the mount at ${cover.mount.target} comes from, or let that one be written: rw`,
    });
  }
}

const has = ({ place, source }: BoundDirectory, path: string): boolean => source.taken.some((file) => file.path === path.slice(place.length + 1));

async function shownFiles(placed: readonly PlacedMount[], bound: readonly BoundDirectory[], { secrets, agents }: Values, files: TargetFiles | undefined, directories: readonly BoundDirectory[]): Promise<readonly ShownFile[]> {
  const whole = placed.filter(({ mount }) => mount.type === 'cache' || mount.type === 'tmpfs');
  return Promise.all(placed.flatMap((one, at): readonly Promise<ShownFile>[] => {
    const { place } = one;
    const isCovered = coverOf(place, [...whole, ...directories]) !== undefined;
    const common = async (): Promise<Pick<ShownFile, 'target' | 'place' | 'missing' | 'linked'>> => ({
      target: one.mount.target ?? place, place, missing: isCovered ? [] : await missingAbove(place, false, files), linked: coverOf(place, directories) !== undefined,
    });
    const source = bound.find((other) => other.place === place)?.source;
    if (source !== undefined) return [common().then((made) => ({ ...made, content: { kind: 'copy' as const, source } }))];
    const agent = isSsh(one) ? agents.get(one.mount.id) : undefined;
    if (isSsh(one) && agent !== undefined) {
      const { mode, uid, gid } = one.mount;
      return [common().then((made) => ({ ...made, content: { kind: 'agent' as const, path: `${MEMORY}/${at}`, agent, mode, uid, gid } }))];
    }
    const value = isSecret(one) ? secrets.get(one.mount.id) : undefined;
    if (!isSecret(one) || value === undefined) return [];
    const { mode, uid, gid } = one.mount;
    return [common().then((made) => ({ ...made, content: { kind: 'memory' as const, path: `${MEMORY}/${at}`, value, mode, uid, gid } }))];
  }));
}

async function volumesOf(placed: readonly PlacedMount[], directories: readonly BoundDirectory[], shown: readonly ShownFile[], caches: HeldCaches, inputs: readonly CopyInput[], parts: MountParts, options: ApplyOptions): Promise<StepVolumes> {
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

async function pointsOf(placed: readonly PlacedMount[], bound: readonly BoundDirectory[], files: TargetFiles | undefined): Promise<readonly string[]> {
  const mounted = placed.filter(({ mount, place }) => mount.type === 'cache' || mount.type === 'tmpfs' || bound.some((one) => one.place === place && isDirectory(one.source)));
  const missing = await Promise.all(mounted.filter(({ place }) => coverOf(place, mounted) === undefined).map(({ place }) => missingAbove(place, true, files)));
  return [...new Set(missing.flat())].sort((left, right) => right.length - left.length);
}

/** Whether a program has mounts for which its container must be its own. */
export const needsOwnContainer = (mounts: readonly Mount[]): boolean => mounts.some(({ type }) => type !== 'secret' && type !== 'ssh');
