import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unmetNeed } from './need';
import { mustRun } from './run';

/** A static busybox of linux/arm64, fetched once and kept. */
export const foreignBusybox = process.env['STRAKE_TEST_FOREIGN_BUSYBOX'] ?? '/var/cache/strake-test/busybox-arm64';

const emulator = '/usr/bin/qemu-aarch64-static';

/** Why it cannot run here. */
export function foreignUnmet(): string | undefined {
  if (process.arch !== 'x64') return 'needs an amd64 machine';
  if (!existsSync(emulator)) return 'not installed: qemu-user-static';
  if (!existsSync('/proc/sys/fs/binfmt_misc')) return 'the kernel has no binfmt_misc';
  return unmetNeed({ root: true, programs: ['unshare', 'mount'] }) ?? (existsSync(foreignBusybox) ? undefined : `no ${foreignBusybox} (make it: node scripts/run-ts.mjs test/engines/make-foreign-busybox.ts)`);
}

/** The command that runs another where the kernel gives programs of linux/arm64 to an emulator; `flags` are those of its registration. */
export function withEmulator(command: readonly string[], flags = 'F'): readonly string[] {
  return ['unshare', '-m', '--propagation', 'private', 'sh', join(__dirname, 'with-emulator.sh'), emulator, flags, ...command];
}

/** Fetches it when it is not there, by an apt whose lists and state are its own: the machine's stay as they are. */
export async function makeForeignBusybox(): Promise<string> {
  if (existsSync(foreignBusybox)) return foreignBusybox;
  const folder = mkdtempSync(join(tmpdir(), 'strake-foreign-'));
  try {
    for (const path of ['state/lists/partial', 'cache/archives/partial', 'files']) mkdirSync(join(folder, path), { recursive: true });
    const options = [
      `Dir::State=${folder}/state`, 'Dir::State::status=/dev/null', `Dir::Cache=${folder}/cache`,
      'APT::Architecture=arm64', 'APT::Architectures::=arm64', 'APT::Sandbox::User=root', 'Acquire::Check-Valid-Until=false', 'Acquire::Languages=none',
    ].flatMap((option) => ['-o', option]);
    await mustRun(['apt-get', '-qq', ...options, 'update'], { cwd: folder });
    await mustRun(['apt-get', '-qq', ...options, 'download', 'busybox-static:arm64'], { cwd: folder });
    await mustRun(['sh', '-euc', 'dpkg-deb -x ./*.deb files'], { cwd: folder });
    mkdirSync(dirname(foreignBusybox), { recursive: true });
    await mustRun(['cp', join(folder, 'files/bin/busybox'), `${foreignBusybox}.new`]);
    renameSync(`${foreignBusybox}.new`, foreignBusybox);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return foreignBusybox;
}
