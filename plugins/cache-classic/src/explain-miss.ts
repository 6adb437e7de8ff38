import { changeText, type CacheMiss, type ContainerConfig, type KeyChange, type StepImage } from '@strake/api';
import { sameConfig } from './compare';
import type { ProbeConfigs } from './image-cache';

/** What a command says: the build arguments that it sees, the sums of what it copies, and the rest. */
interface Said {
  readonly args: readonly string[];
  readonly sum: string;
  readonly text: string;
}

/** Why none of the images that were made on a parent is that of an instruction: what differs from the newest one that is most like it. */
export function explainMiss(children: readonly StepImage[], [config]: ProbeConfigs): CacheMiss {
  const made = children.filter(({ containerConfig }) => containerConfig !== undefined);
  const ranked = made.map((image) => ({ image, likeness: likeness(image.containerConfig ?? {}, config) })).filter(({ likeness: own }) => own > 0);
  const [nearest] = ranked.sort((one, other) => other.likeness - one.likeness || Date.parse(other.image.created) - Date.parse(one.image.created));
  if (nearest === undefined) return { reason: made.length === 0 ? 'nothing was built on the image before it' : 'never built on the image before it' };
  const changes = changesOf(nearest.image.containerConfig ?? {}, config);
  const against = { at: Date.parse(nearest.image.created) };
  return changes.length === 0 ? { reason: 'the image is not of this platform, or not of --cache-from' } : { reason: changes.map(changeText).join(', '), changes, against };
}

/** 3: the same but for arguments and sums; 1: an instruction of the same word; 0: another. */
function likeness(before: ContainerConfig, after: ContainerConfig): number {
  const [one, other] = [said(before), said(after)];
  if (one.text === other.text) return 3;
  return keyword(one) === keyword(other) ? 1 : 0;
}

function changesOf(before: ContainerConfig, after: ContainerConfig): readonly KeyChange[] {
  const [one, other] = [said(before), said(after)];
  if (one.text !== other.text) return [{ what: 'instruction', name: keyword(other), how: 'changed', before: one.text, after: other.text }];
  return [
    ...pairChanges('argument', one.args, other.args),
    ...(one.sum === other.sum ? [] : [{ what: 'part' as const, name: 'the files that it copies', how: 'changed' as const, before: one.sum, after: other.sum }]),
    ...pairChanges('variable', before.Env ?? [], after.Env ?? []),
    ...FIELDS.filter((field) => !sameConfig({ [field]: before[field] }, { [field]: after[field] })).map((field): KeyChange => ({ what: 'part', name: `${field} of the container's config`, how: 'changed' })),
  ];
}

const FIELDS = ['User', 'WorkingDir', 'StopSignal', 'Entrypoint', 'Shell', 'OnBuild', 'ExposedPorts', 'Volumes', 'Labels', 'Healthcheck'] as const;

function pairChanges(what: 'argument' | 'variable', before: readonly string[], after: readonly string[]): readonly KeyChange[] {
  const [old, now] = [pairs(before), pairs(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): readonly KeyChange[] => {
    const [one, other] = [old.get(name), now.get(name)];
    if (one === other) return [];
    const how = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed';
    return [{ what, name, how, ...(one === undefined ? {} : { before: one }), ...(other === undefined ? {} : { after: other }) }];
  });
}

const pairs = (entries: readonly string[]): ReadonlyMap<string, string> => new Map(entries.map((entry) => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)]));

function said({ Cmd }: ContainerConfig): Said {
  const words = Cmd ?? [];
  const count = /^\|(\d+)$/.exec(words[0] ?? '')?.[1];
  const args = count === undefined ? [] : words.slice(1, Number(count) + 1);
  const text = (count === undefined ? words : words.slice(Number(count) + 1)).join(' ');
  const sum = /(?:(?:file|dir|multi):)?[0-9a-f]{64}(?= in )/.exec(text)?.[0] ?? '';
  return { args, sum, text: sum === '' ? text : text.replace(sum, 'FILES') };
}

function keyword({ text }: Said): string {
  return /#\(nop\) +(\S+)/.exec(text)?.[1] ?? 'RUN';
}
