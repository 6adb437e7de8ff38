import { applyMode } from '@strake/api';

/** Gives a source's mode its `--chmod`. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

/** Makes a `--chmod` ready for many files: of their few different modes each is worked out once. */
export function modeChange(chmod: string): ModeChange {
  const known = new Map<number, number>();
  return (mode, isDirectory) => {
    const key = isDirectory ? -1 - mode : mode;
    const changed = known.get(key) ?? applyMode(chmod, mode, isDirectory);
    known.set(key, changed);
    return changed;
  };
}
