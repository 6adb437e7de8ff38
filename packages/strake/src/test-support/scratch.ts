import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Why builds with programs cannot be tried here, or undefined. */
export const unmet: string | undefined =
  process.platform !== 'linux' || process.getuid?.() !== 0 ? 'needs root on Linux'
  : !existsSync('/bin/busybox') ? 'needs busybox-static'
  : !['/usr/bin/crun', '/usr/sbin/runc', '/usr/bin/runc'].some((path) => existsSync(path)) ? 'needs crun or runc'
  : undefined;

/** `describe`, skipped by name where builds with programs cannot be tried. */
export const describeBuilds = (name: string, tests: () => void): void => (unmet === undefined ? describe(name, tests) : describe.skip(`${name} (${unmet})`, tests));

/** A folder with a store and a build context that holds busybox. */
export interface Scratch {
  readonly folder: string;
  readonly store: string;
  readonly context: string;
  write(path: string, text: string): void;
  remove(): void;
}

/** The beginning of a Dockerfile whose RUNs have a shell. */
export const shell = 'FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nENV PATH=/bin\n';

/** Makes the folder; whoever calls removes it. */
export function makeScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'strake-test-'));
  const context = join(folder, 'context');
  mkdirSync(context);
  if (existsSync('/bin/busybox')) copyFileSync('/bin/busybox', join(context, 'busybox'));
  return {
    folder,
    store: join(folder, 'store'),
    context,
    write(path, text) {
      const file = join(context, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, 0o644);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
