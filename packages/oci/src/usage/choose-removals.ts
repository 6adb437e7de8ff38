import type { UsageEntry } from './usage-entry';

/** How much of what makes builds faster stays. Without limits everything that is looked at goes. */
export interface TrimPolicy {
  /** Seconds: what was used since stays. */
  readonly unusedFor?: number;
  /** Bytes that stay in any case. */
  readonly reserved?: number;
  /** Bytes; what was used longest ago goes until no more are taken. */
  readonly mostUsed?: number;
  /** Bytes; what was used longest ago goes until as many are free on the disk. */
  readonly leastFree?: number;
  /** What is looked at; everything by default. */
  readonly matches?: (entry: UsageEntry) => boolean;
}

/** What is true when it is chosen. */
export interface TrimFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Bytes that are free on the store's disk. */
  readonly free: number;
}

/** Chooses what goes: first what was used longest ago, and nothing that something stands on which stays. */
export function chooseRemovals(entries: readonly UsageEntry[], policy: TrimPolicy, { now, free }: TrimFacts): readonly UsageEntry[] {
  const { unusedFor = 0, matches = () => true } = policy;
  const removable = entries.filter(({ inUse }) => !inUse);
  const standing = usersOf(entries);
  let left = excess(policy, removable.reduce((sum, { size }) => sum + size, 0), free);
  const chosen: UsageEntry[] = [];
  const gone = new Set<string>();
  for (const entry of oldestFirst(removable)) {
    if (left <= 0) break;
    const isOld = now - entry.used >= unusedFor * 1000;
    if (!isOld || !matches(entry) || (standing.get(entry.id) ?? []).some((user) => !gone.has(user))) continue;
    chosen.push(entry);
    gone.add(entry.id);
    left -= entry.size;
  }
  return chosen;
}

/** Bytes that have to go; what has no size goes with the rest. */
function excess({ reserved = 0, mostUsed, leastFree }: TrimPolicy, used: number, free: number): number {
  const limits = [...(mostUsed === undefined ? [] : [used - mostUsed]), ...(leastFree === undefined ? [] : [leastFree - free])];
  if (limits.length === 0 && reserved === 0) return Infinity;
  return Math.min(limits.length === 0 ? Infinity : Math.max(...limits), used - reserved);
}

function usersOf(entries: readonly UsageEntry[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { id, parents } of entries) for (const parent of parents) users.set(parent, [...(users.get(parent) ?? []), id]);
  return users;
}

/** What something stands on was used when that was; of one time what stands on most comes first. */
function oldestFirst(entries: readonly UsageEntry[]): readonly UsageEntry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const [used, heights] = [new Map<string, number>(), new Map<string, number>()];
  const heightOf = (id: string): number => {
    const known = heights.get(id);
    if (known !== undefined) return known;
    const height = 1 + Math.max(0, ...(byId.get(id)?.parents ?? []).map(heightOf));
    heights.set(id, height);
    return height;
  };
  const tallest = [...entries].sort((one, other) => heightOf(other.id) - heightOf(one.id));
  for (const { id, used: own, parents } of tallest) {
    const since = Math.max(own, used.get(id) ?? 0);
    used.set(id, since);
    for (const parent of parents) used.set(parent, Math.max(since, used.get(parent) ?? 0));
  }
  return [...entries].sort((one, other) => (used.get(one.id) ?? 0) - (used.get(other.id) ?? 0) || heightOf(other.id) - heightOf(one.id));
}
