import { encodePath } from '@strake/context';
import { getXattr, listXattrs, setXattr } from '@strake/syscalls';

/** Copies the extended attributes that a selection's digest covers: capabilities and the user's own. */
export function copyAttributes(source: string, target: string): void {
  const from = encodePath(source);
  for (const name of listXattrs(from)) {
    if (name !== 'security.capability' && !name.startsWith('user.')) continue;
    const value = getXattr(from, name);
    if (value !== undefined) setXattr(encodePath(target), name, value);
  }
}
