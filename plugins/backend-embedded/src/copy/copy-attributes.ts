import { encodePath } from '@strake/context';
import { getXattr, listXattrs, setXattr } from '@strake/syscalls';

/** Copies the extended attributes that a selection's digest covers: capabilities and the user's own. */
export function copyAttributes(source: string, target: string): void {
  // The binding takes strings; a name that is no UTF-8 has no attributes for us, in the digest as here.
  if (typeof encodePath(source) !== 'string' || typeof encodePath(target) !== 'string') return;
  for (const name of listXattrs(source)) {
    if (name !== 'security.capability' && !name.startsWith('user.')) continue;
    const value = getXattr(source, name);
    if (value !== undefined) setXattr(target, name, value);
  }
}
