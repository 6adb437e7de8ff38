import { InternalError } from '@strake/api';
import { getXattr, listXattrs, type Path } from '@strake/syscalls';

const OPAQUE = ['trusted.overlay.opaque', 'user.overlay.opaque'];
const REFUSED = /^(?:trusted|user)\.overlay\.(?:redirect|metacopy)$/;
const KEPT = /^(?:security\.capability$|user\.(?!overlay\.))/;

/** What a layer keeps of a path's extended attributes. */
export interface LayerXattrs {
  readonly kept: readonly (readonly [string, Buffer])[];
  /** The directory hides everything below it. */
  readonly opaque: boolean;
}

export const NO_XATTRS: LayerXattrs = { kept: [], opaque: false };

/**
 * Whether a layer carries an extended attribute: file capabilities and `user.*`. The rest belongs to a machine, not to an
 * image: `trusted.*` to overlay, the other `security.*` to a policy; `system.*` (ACLs) is in no builder's layers.
 */
export function isLayerXattr(name: string): boolean {
  return KEPT.test(name);
}

/** Reads them. Overlay's private marks never reach a layer; those that we mount without must not be there at all. */
export function readLayerXattrs(path: Path): LayerXattrs {
  const names = listXattrs(path);
  if (names.length === 0) return NO_XATTRS;
  const refused = names.find((name) => REFUSED.test(name));
  if (refused !== undefined) throw new InternalError(`${path.toString()} has ${refused}: the snapshot is not a plain difference`);
  const opaque = names.some((name) => OPAQUE.includes(name) && getXattr(path, name)?.toString() === 'y');
  const kept = names.filter(isLayerXattr).sort();
  return { opaque, kept: kept.map((name) => [name, getXattr(path, name) ?? Buffer.alloc(0)] as const) };
}
