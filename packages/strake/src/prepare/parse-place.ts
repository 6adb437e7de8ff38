import { OperatorError } from '@strake/api';
import { isDigest, parseReference, type Store } from '@strake/oci';
import type { Place } from '@strake/registry';
import { resolve } from 'node:path';

/** What places are relative to. */
export interface PlaceParts {
  readonly store: () => Store;
  readonly cwd: string;
}

const OTHERS = /^(docker-archive|docker-daemon|dir|oci-archive|containers-storage|https?|git|file):/;

/**
 * Reads a place of `copy`: `store:REFERENCE`, `oci-layout://FOLDER[:TAG][@DIGEST]`, or a reference of a registry, with `docker://` before it or not.
 * skopeo's `oci:FOLDER[:TAG]` is a layout too. Throws USAGE, REFERENCE_INVALID.
 */
export function parsePlace(text: string, { store, cwd }: PlaceParts): Place {
  const [, scheme = '', rest = ''] = /^(store:|oci-layout:\/\/|oci:|docker:\/\/|docker-image:\/\/)?(.*)$/s.exec(text) ?? [];
  if (scheme === 'store:') return { kind: 'store', store: store(), reference: rest };
  if (scheme === 'oci:' || scheme === 'oci-layout://') return layout(rest, text, cwd);
  const other = OTHERS.exec(rest)?.[1];
  if (other !== undefined) throw new OperatorError('USAGE', `${text} is no place to copy from or to: ${other}: is not known`, { hint: 'Write a reference of a registry, store:REFERENCE, or oci-layout://FOLDER.' });
  // A repository can be called so, but nobody means docker.io/library/image.tar.
  if (scheme === '' && rest.endsWith('.tar')) throw new OperatorError('USAGE', `${text} is a reference of a registry by its form, and a file by its name`, { hint: `Write oci-layout://${rest} for an archive, docker://${rest} for a repository.` });
  parseReference(rest);
  return { kind: 'registry', reference: rest };
}

function layout(text: string, shown: string, cwd: string): Place {
  const [place = '', digest] = text.split('@', 2);
  const [, folder = '', tag] = /^(.*?)(?::([^/:]*))?$/s.exec(place) ?? [];
  if (folder === '') throw new OperatorError('USAGE', `${shown} names no folder`);
  if (digest !== undefined && !isDigest(digest)) throw new OperatorError('REFERENCE_INVALID', `${shown} has the invalid digest ${digest}`);
  return { kind: 'layout', folder: resolve(cwd, folder), ...(tag === undefined || tag === '' ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}
