import type { KeyChange, KeyPart, VertexNote } from '@strake/api';
import { instructionText } from '@strake/api';
import type { NamedDigest, StepRecord } from './cache-record';
import { fileAspects } from './file-aspects';

/** Everything that differs from what the step was built with last, most telling first. */
export function keyChanges(parts: readonly KeyPart[], note: VertexNote, last: StepRecord): readonly KeyChange[] {
  const before = new Map(last.parts.map((part) => [part[0], part]));
  const now = new Set(parts.map(({ name }) => name));
  const changed = parts.filter(({ name, digest }) => before.get(name)?.[1] !== digest).flatMap((part) => partChanges(part, before.get(part.name), note, last));
  const gone = last.parts.filter(([name]) => !now.has(name)).map((part) => removed(part, note));
  return withInstruction(withoutOrder([...changed, ...gone]), instructionText(note), last.text);
}

/** Where the instruction says otherwise its text tells it; a text may also differ by the value of a variable alone. */
function withInstruction(changes: readonly KeyChange[], after: string, before: string): readonly KeyChange[] {
  const others = changes.filter(({ what, name }) => what !== 'part' || !SPELLED.has(name));
  if (after === before || others.length === changes.length) return changes;
  return [{ what: 'instruction', name: after, how: 'changed', before, after }, ...others];
}

/** A variable that is new or gone changes their order too. */
function withoutOrder(changes: readonly KeyChange[]): readonly KeyChange[] {
  const hasVariable = changes.some(({ what }) => what === 'variable' || what === 'argument');
  return hasVariable ? changes.filter(({ what, name }) => what !== 'part' || name !== ORDER) : changes;
}

const ORDER = 'the order of variables';

function partChanges(part: KeyPart, before: NamedDigest | undefined, note: VertexNote, last: StepRecord): readonly KeyChange[] {
  const members = last.members[part.name];
  if (members !== undefined && part.members !== undefined) return fileChanges(new Map(members.map(([name, digest]) => [name, digest])), part.members());
  const [old, after] = [before?.[2], part.value?.()];
  const how = before === undefined ? 'added' : 'changed';
  // An image in the place of a step, or a step in that of an image, is no change of the image.
  if (isState(part.name) && how === 'changed' && (old === undefined) !== (after === undefined)) return [{ ...nameOf(part.name, note, undefined), how }];
  const values = { ...(old === undefined ? {} : { before: old }), ...(after === undefined ? {} : { after }) };
  return [{ ...nameOf(part.name, note, after ?? old), how, ...values }];
}

const removed = ([name, , value]: NamedDigest, note: VertexNote): KeyChange => ({ ...nameOf(name, note, value), how: 'removed', ...(value === undefined ? {} : { before: value }) });

function fileChanges(before: Map<string, string>, now: readonly (readonly [string, string])[]): readonly KeyChange[] {
  const changes: KeyChange[] = [];
  for (const [name, digest] of now) {
    const old = before.get(name);
    if (old === undefined) changes.push({ what: 'file', name, how: 'added' });
    else if (old !== digest) changes.push({ what: 'file', name, how: 'changed', aspects: fileAspects(old, digest) });
    before.delete(name);
  }
  return [...changes, ...[...before.keys()].map((name): KeyChange => ({ what: 'file', name, how: 'removed' }))];
}

/** Parts that are what the instruction's text says. */
const SPELLED = new Set(['what it runs', 'how it copies', 'the directory that it makes', 'the file that it writes', 'the set of files']);

const isState = (part: string): boolean => /^(?:parent|input:\d+)$/.test(part);

/** What a part is called by a person. `value` is what may be shown of it. */
function nameOf(part: string, note: VertexNote, value: string | undefined): Pick<KeyChange, 'what' | 'name'> {
  const [kind = part, rest = ''] = part.split(/:(.*)/s);
  if (kind === 'env') return { what: note.arguments?.includes(rest) === true ? 'argument' : 'variable', name: rest };
  if (isState(part)) return value === undefined ? { what: 'step', name: kind === 'parent' ? 'the step before' : 'what it takes from' } : { what: 'base', name: value.replace(/@sha256:[0-9a-f]{64}$/, '') };
  return { what: 'part', name: WORDS[kind]?.(rest) ?? `the ${kind}` };
}

const WORDS: Readonly<Record<string, (rest: string) => string>> = {
  command: () => 'what it runs',
  copy: () => 'how it copies',
  mkdir: () => 'the directory that it makes',
  mkfile: () => 'the file that it writes',
  merge: () => 'what it puts together',
  files: () => 'the set of files',
  mount: (target) => `the mount ${target}`,
  script: (name) => `here-document ${name}`,
  'env-order': () => ORDER,
  workdir: () => 'the working directory',
};
