import { join } from 'node:path';
import { readPlain } from './read-plain';
import { Unknown } from './unknown';

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const REF = /^refs\/(?!.*(?:\.\.|\/\/|\/\.|@\{))[^\s~^:?*[\\\u0000-\u001f]+$/;

/** The commit that is checked out, and the branch. Throws `Unknown`. */
export function readHead(gitDirectory: string, common: string): { readonly revision: string; readonly ref?: string } {
  const head = readPlain(join(gitDirectory, 'HEAD'))?.trim() ?? '';
  if (HASH.test(head)) return { revision: head };
  const ref = /^ref: (.+)$/.exec(head)?.[1] ?? '';
  if (!REF.test(ref)) throw new Unknown('the git repository of the build context has no HEAD that can be read');
  const revision = readPlain(join(common, ref))?.trim() ?? packed(common, ref);
  if (revision === undefined || !HASH.test(revision)) throw new Unknown('the git repository of the build context has no commit yet, or keeps its branches in a way that is not known here');
  return { revision, ref: ref.replace(/^refs\/(?:heads|tags)\//, '') };
}

function packed(common: string, ref: string): string | undefined {
  const line = readPlain(join(common, 'packed-refs'))?.split('\n').find((text) => text.endsWith(` ${ref}`) && !text.startsWith('#'));
  return line?.slice(0, -ref.length - 1);
}
