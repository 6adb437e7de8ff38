import type { TargetList } from '../library';
import { aligned } from './aligned';

/** The stages of a file for people, as buildx prints them. */
export function targetsText({ targets }: TargetList): string {
  const rows = targets.map(({ name = '', default: isDefault, description = '' }) => [
    isDefault === true ? (name === '' ? '(default)' : `${name} (default)`) : name, description,
  ]);
  return aligned([['TARGET', 'DESCRIPTION'], ...rows], 1);
}
