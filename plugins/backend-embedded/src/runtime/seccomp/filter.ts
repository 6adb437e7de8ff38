import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeccompSetting } from '../oci-config';
import { type Libseccomp, loadLibseccomp } from './libseccomp';
import { allowNewerCalls } from './newer-calls';
import { ociSeccomp } from './oci-form';
import { seccompRules } from './profile';

/** crun(1), "run.oci.seccomp_bpf_data": the filter itself in base64, in place of rules that crun would compile at each run. */
const FILTER_ANNOTATION = 'run.oci.seccomp_bpf_data';

/** Change it when `allowNewerCalls` changes: filters in the cache are then compiled anew. */
const FORMAT = 1;

/** The seccomp setting for crun: compiled and kept in `cacheDirectory`, or rules where libseccomp cannot be loaded. */
export function crunSeccomp(cacheDirectory: string): SeccompSetting {
  const library = loadLibseccomp();
  if (library === undefined) return { rules: ociSeccomp(process.arch) };
  return { annotations: { [FILTER_ANNOTATION]: cachedFilter(library, cacheDirectory).toString('base64') } };
}

/** The compiled filter of the profile; from the cache when the same libseccomp has compiled it before. */
export function cachedFilter(library: Libseccomp, cacheDirectory: string): Buffer {
  const rules = JSON.stringify(seccompRules(process.arch));
  const key = createHash('sha256').update(`${FORMAT} ${library.version} ${process.arch} ${rules}`).digest('hex');
  const file = join(cacheDirectory, `seccomp-${key.slice(0, 32)}.bpf`);
  return readIfThere(file) ?? compileInto(library, file);
}

function compileInto(library: Libseccomp, file: string): Buffer {
  mkdirSync(join(file, '..'), { recursive: true });
  const own = `${file}.${randomUUID()}`;
  const [raw, whole] = [`${own}.raw`, `${own}.tmp`];
  try {
    const filter = allowNewerCalls(library.compile(raw));
    writeFileSync(whole, filter);
    renameSync(whole, file);
    return filter;
  } finally {
    rmSync(raw, { force: true });
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
