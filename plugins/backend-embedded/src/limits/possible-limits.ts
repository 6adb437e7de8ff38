import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ResourceLimits } from '@strake/api';
import { findHierarchies, ownFacts, type Hierarchies } from './hierarchies';

type LimitName = keyof ResourceLimits;

/** What can be limited here. */
export interface PossibleLimits {
  readonly names: ReadonlySet<LimitName>;
  /** Why not all, where that is so. */
  readonly hint?: string;
}

const BY_CONTROLLER: Readonly<Record<string, readonly LimitName[]>> = {
  memory: ['memory', 'memorySwap'],
  cpu: ['cpuShares', 'cpuPeriod', 'cpuQuota'],
  cpuset: ['cpusetCpus', 'cpusetMems'],
};

/** Which limits this machine's kernel and control groups allow. */
export function possibleLimits(hierarchies: Hierarchies = findHierarchies(ownFacts())): PossibleLimits {
  const names = new Set<LimitName>(['shmSize', 'ulimits']);
  for (const [controller, limits] of Object.entries(BY_CONTROLLER)) {
    const hierarchy = hierarchies.get(controller);
    if (hierarchy !== undefined && canWrite(hierarchy.own)) for (const limit of limits) names.add(limit);
  }
  if ([...hierarchies.values()].some(({ root }) => canWrite(root))) names.add('cgroupParent');
  if (!countsSwap(hierarchies)) names.delete('memorySwap');
  const missing = Object.keys(BY_CONTROLLER).filter((controller) => !BY_CONTROLLER[controller]?.some((name) => names.has(name)));
  return { names, ...(missing.length === 0 ? {} : { hint: `this machine has no control groups for ${missing.join(', ')} that strake may write to` }) };
}

/** Not every kernel does. The highest group of version 2 has no limits at all. */
function countsSwap(hierarchies: Hierarchies): boolean {
  const { version, own, root } = hierarchies.get('memory') ?? { version: 1, own: '', root: '' };
  if (version === 1) return existsSync(join(own, 'memory.memsw.limit_in_bytes'));
  return existsSync('/proc/swaps') && (own === root || existsSync(join(own, 'memory.swap.max')) || existsSync(join(dirname(own), 'memory.swap.max')));
}

function canWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
