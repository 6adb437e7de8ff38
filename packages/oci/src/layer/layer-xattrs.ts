import { InternalError } from '@strake/api';
import { getXattr, listXattrs } from '@strake/syscalls';

const OPAQUE = ['trusted.overlay.opaque', 'user.overlay.opaque'];
const REFUSED = /^(?:trusted|user)\.overlay\.(?:redirect|metacopy)$/;
const KEPT = /^(?:security\.capability$|user\.(?!overlay\.))/;

/** What a layer keeps of a path's extended attributes. */
export interface LayerXattrs {
  readonly kept: readonly (readonly [string, Buffer])[];
  /** The directory hides everything below it. */
  readonly opaque: boolean;
}

const NONE: LayerXattrs = { kept: [], opaque: false };

/** Reads them. Overlay's private marks never reach a layer; those that we mount without must not be there at all. */
export function readLayerXattrs(path: string): LayerXattrs {
  const names = listXattrs(path);
  if (names.length === 0) return NONE;
  const refused = names.find((name) => REFUSED.test(name));
  if (refused !== undefined) throw new InternalError(`${path} has ${refused}: the snapshot is not a plain difference`);
  const opaque = names.some((name) => OPAQUE.includes(name) && getXattr(path, name)?.toString() === 'y');
  const kept = names.filter((name) => KEPT.test(name)).sort();
  return { opaque, kept: kept.map((name) => [name, getXattr(path, name) ?? Buffer.alloc(0)] as const) };
}
