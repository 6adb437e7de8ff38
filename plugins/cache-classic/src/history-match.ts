import type { ContainerConfig, HistoryEntry, StepImage } from '@strake/api';

/** Whether an image's history and layers begin with those of a parent, and go on. Nothing is below everything. */
export function isBelow(parent: StepImage | null, image: StepImage): boolean {
  if (image.history.length === 0) return false;
  if (parent === null || (parent.history.length === 0 && parent.diffIds.length === 0)) return true;
  if (parent.history.length >= image.history.length || parent.diffIds.length > image.diffIds.length) return false;
  return parent.history.every((entry, at) => sameEntry(entry, image.history[at])) && parent.diffIds.every((diffId, at) => diffId === image.diffIds[at]);
}

/** Whether the entry after a parent's history is that of an instruction. Words are joined by blanks in a history, and so they are compared. */
export function continuesHistory(parent: StepImage | null, image: StepImage, { Cmd }: ContainerConfig): boolean {
  return image.history[parent?.history.length ?? 0]?.created_by === (Cmd ?? []).join(' ');
}

function sameEntry(one: HistoryEntry, other: HistoryEntry | undefined): boolean {
  if (other === undefined) return false;
  const sameTime = one.created === other.created || (one.created !== undefined && other.created !== undefined && Date.parse(one.created) === Date.parse(other.created));
  const texts = ['created_by', 'author', 'comment'] as const;
  return sameTime && texts.every((name) => (one[name] ?? '') === (other[name] ?? '')) && (one.empty_layer ?? false) === (other.empty_layer ?? false);
}
