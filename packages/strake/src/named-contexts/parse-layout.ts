import { OperatorError, type Descriptor } from '@strake/api';
import { isDigest } from '@strake/oci';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where a layout is, and which image of it is meant. */
export interface LayoutPlace {
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Reads `PATH[:TAG][@DIGEST]`. Throws USAGE, REFERENCE_INVALID. */
export function parseLayout(text: string, cwd: string): LayoutPlace {
  // A colon or @ may be in a folder's name.
  if (text !== '' && existsSync(resolve(cwd, text))) return { path: resolve(cwd, text) };
  const [, path = '', tag, digest] = /^(.*?)(?::([\w][\w.-]{0,127}))?(?:@([^/@]*))?$/s.exec(text) ?? [];
  if (path === '') throw new OperatorError('USAGE', 'it names no folder', { hint: 'Write oci-layout://PATH[:TAG][@DIGEST].' });
  if (digest !== undefined && !isDigest(digest)) throw new OperatorError('REFERENCE_INVALID', `${digest} is no digest`);
  return { path: resolve(cwd, path), ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The entry of a layout's index that is meant: that of the tag or digest, else the only one, else `latest`. Throws IMAGE_MISSING. */
export function entryOf(entries: readonly Descriptor[], { tag, digest, path }: LayoutPlace): Descriptor {
  const unique = (of: readonly Descriptor[]): readonly Descriptor[] => [...new Map(of.map((one) => [one.digest, one])).values()];
  const fitting = unique(entries.filter((one) => (digest === undefined || one.digest === digest) && (tag === undefined || tagsOf(one).includes(tag))));
  const [only] = fitting.length > 1 ? unique(fitting.filter((one) => tagsOf(one).includes('latest'))) : fitting;
  if (only !== undefined) return only;
  const what = fitting.length === 0 ? `has no image ${[tag, digest].filter(Boolean).join('@')}` : `has ${fitting.length} images, none of them latest`;
  const names = entries.map((one) => tagsOf(one)[0] ?? one.digest);
  throw new OperatorError('IMAGE_MISSING', `${path} ${what}`, { hint: names.length === 0 ? 'It is empty.' : `Name one by its tag or digest: ${names.join(', ')}.` });
}

function tagsOf({ annotations }: Descriptor): readonly string[] {
  const named = annotations?.['org.opencontainers.image.ref.name'];
  const whole = annotations?.['io.containerd.image.name'];
  return [named, whole?.replace(/^.*:/, '')].filter((one) => one !== undefined);
}
