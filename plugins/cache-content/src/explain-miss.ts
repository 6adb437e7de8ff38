import type { KeyPart } from '@strake/api';
import type { NamedDigest, StepRecord } from './cache-record';

const SHOWN = 3;

/** Says in a person's words how a key differs from the one that the step was built with last. */
export function explainMiss(parts: readonly KeyPart[], last: StepRecord | undefined): string {
  if (!last) return 'never built';
  const before = new Map(last.parts);
  const changed = parts.filter(({ name, digest }) => before.get(name) !== digest);
  const gone = last.parts.filter(([name]) => !parts.some((part) => part.name === name)).map(([name]) => `${nameOf(name)} is gone`);
  const parent = changed.find(({ name }) => name === 'parent');
  // A changed parent changes everything after it: the step that changed first is the one worth reading.
  if (parent && changed.length === 1) return 'an earlier step changed';
  const reasons = [...changed.filter((part) => part !== parent).flatMap((part) => describe(part, before, last)), ...gone];
  return reasons.length === 0 ? 'built before, but not kept' : list(reasons);
}

function describe(part: KeyPart, before: ReadonlyMap<string, string>, last: StepRecord): readonly string[] {
  const members = last.members[part.name];
  if (members && part.members) return memberChanges(new Map(members), part.members());
  return [before.has(part.name) ? `${nameOf(part.name)} changed` : `${nameOf(part.name)} is new`];
}

function memberChanges(before: Map<string, string>, now: readonly NamedDigest[]): readonly string[] {
  const changes: string[] = [];
  for (const [name, digest] of now) {
    const old = before.get(name);
    if (old === undefined) changes.push(`file ${name} is new`);
    else if (old !== digest) changes.push(`file ${name} changed`);
    before.delete(name);
  }
  return [...changes, ...[...before.keys()].map((name) => `file ${name} is gone`)];
}

/** `env:PATH` reads `variable PATH`; an op's index says nothing to a person. */
function nameOf(part: string): string {
  const [kind = part, rest = ''] = part.split(/:(.*)/s);
  if (kind === 'env') return `variable ${rest}`;
  if (kind === 'files') return 'the set of files';
  if (kind === 'mount') return `the mount ${rest}`;
  if (kind === 'script') return `here-document ${rest}`;
  if (kind === 'input') return 'the stage or image it copies from';
  if (kind === 'env-order') return 'the order of variables';
  return `the ${kind}`;
}

function list(reasons: readonly string[]): string {
  const rest = reasons.length - SHOWN;
  return reasons.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
