import type { TargetFiles } from '../copy/target-files';
import type { Agents, Secrets } from './ask-secrets';
import { isSecret, isSsh, type BoundMount } from './mount-kinds';
import { coverOf, missingAbove, type PlacedMount } from './mount-places';
import type { ShownFile } from './shown-files';

/** What was asked for, by the IDs of the mounts. */
export interface Values {
  readonly secrets: Secrets;
  readonly agents: Agents;
}

/** Where values are while a program runs: the container's memory. */
const MEMORY = '/dev/.strake';

/** The mounts that are files for the container's first process to show: files that are bound, secrets, agents. */
export async function shownFiles(placed: readonly PlacedMount[], bound: readonly BoundMount[], { secrets, agents }: Values, files: TargetFiles | undefined, directories: readonly BoundMount[]): Promise<readonly ShownFile[]> {
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
