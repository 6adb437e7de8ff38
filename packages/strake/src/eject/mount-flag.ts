import type { LoweredMount, Origin } from '@strake/api';
import { unsayable } from './config-lines';

type Field = readonly [string, string | number | undefined];

/** A mount as `--mount` says it. Throws UNSUPPORTED. */
export function mountFlag(mount: LoweredMount): string {
  const fields: readonly Field[] = [['type', mount.type], ['target', mount.target], ...ownFields(mount)];
  const said = fields.flatMap(([name, value]) => (value === undefined ? [] : [value === '' ? name : `${name}=${value}`]));
  if (said.some((field) => /[\s,"'$\\`]/.test(field))) throw unsayable(`the mount ${mount.target ?? ''}`);
  return `--mount=${said.join(',')}`;
}

function ownFields(mount: LoweredMount): readonly Field[] {
  switch (mount.type) {
    case 'bind': return [['source', mount.source], ['from', nameOf(mount.from)], ['rw', mount.readonly ? undefined : '']];
    case 'cache': return [['id', mount.id], ['sharing', mount.sharing], ['source', mount.from?.source], ['from', mount.from && nameOf(mount.from.origin)], ['mode', mount.mode?.toString(8)], ['uid', mount.uid], ['gid', mount.gid], ['ro', mount.readonly ? '' : undefined]];
    case 'tmpfs': return [['size', mount.size], ['ro', mount.readonly === true ? '' : undefined]];
    case 'secret': return [['id', mount.id], ['env', mount.env], ['required', mount.required ? '' : undefined], ...ownerFields(mount)];
    case 'ssh': return [['id', mount.id], ['required', mount.required ? '' : undefined], ...ownerFields(mount)];
  }
}

function ownerFields({ mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number }): readonly Field[] {
  return [['mode', mode.toString(8).padStart(4, '0')], ['uid', uid], ['gid', gid]];
}

function nameOf(origin: Origin): string | undefined {
  if (origin.kind === 'source') throw unsayable(`a mount of the scheme ${origin.scheme}`);
  return origin.kind === 'named' ? origin.name : undefined;
}
