import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun, run } from './run';
import { unmetNeed } from './need';

/** Where the newest peers are unpacked once and kept: a Debian sid with only what a builder needs. */
export const newestRootFolder = process.env['STRAKE_TEST_NEWEST_ROOT'] ?? '/var/cache/strake-test/sid';

const packages = ['docker.io', 'docker-cli', 'docker-buildx', 'buildah', 'crun', 'runc', 'iptables', 'mount', 'xz-utils', 'ca-certificates'];

/** What is put into a root that is there, by package and its program: what runs in it meanwhile notices nothing. BuildKit reads repositories by git and ssh. */
const more = { podman: 'podman', crane: 'crane', git: 'git', 'openssh-client': 'ssh' } as const;

/** What is not unpacked: nothing here reads it. */
const unneeded = ['/usr/share/doc', '/usr/share/man', '/usr/share/locale', '/usr/share/info', '/usr/lib/cni', '/usr/lib/x86_64-linux-gnu/gconv'];

/** Written last: a root made for another list of packages is made anew. */
const stamp = join(newestRootFolder, 'etc/strake-test-packages');
const isComplete = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === packages.join('\n');
const hasMore = (): boolean => Object.values(more).every((name) => existsSync(join(newestRootFolder, 'usr/bin', name)));

/** Why the newest peers cannot run here. */
export function newestRootUnmet(): string | undefined {
  const unmet = unmetNeed({ root: true, programs: ['unshare', 'busybox', 'pivot_root'] });
  if (unmet !== undefined) return unmet;
  if (isComplete()) return undefined;
  return `no Debian sid in ${newestRootFolder} (make it: node scripts/run-ts.mjs test/engines/make-newest-root.ts)`;
}

/** Why one of the newest tools besides Docker cannot run here. */
export function newestToolUnmet(): string | undefined {
  return newestRootUnmet() ?? (hasMore() ? undefined : `not all of ${Object.keys(more).join(', ')} in ${newestRootFolder} (add them: node scripts/run-ts.mjs test/engines/make-newest-root.ts)`);
}

/** Which Docker and buildx are in that root, without Debian's own revisions: `docker.io 28.5.2 docker-buildx 0.29.1`. No daemon is asked. */
export function newestVersion(): string {
  const status = readFileSync(join(newestRootFolder, 'var/lib/dpkg/status'), 'utf8').split('\n\n');
  const versionOf = (name: string): string => /^Version: (?:\d+:)?([\d.]+)/m.exec(status.find((entry) => entry.startsWith(`Package: ${name}\n`)) ?? '')?.[1] ?? 'unknown';
  return ['docker.io', 'docker-buildx'].map((name) => `${name} ${versionOf(name)}`).join(' ');
}

/** Makes that root when it is not there; about a minute. Complete or absent: it is renamed into place. */
export async function makeNewestRoot(): Promise<string> {
  if (isComplete()) return addMore();
  const unmet = unmetNeed({ root: true, programs: ['mmdebstrap'] });
  if (unmet !== undefined) throw new Error(unmet);
  const unfinished = `${newestRootFolder}.new`;
  mkdirSync(dirname(newestRootFolder), { recursive: true });
  rmSync(unfinished, { recursive: true, force: true });
  // A mirror that is frozen for the sake of repeatability serves a Release file past its date.
  await mustRun(['mmdebstrap', '--quiet', '--variant=apt', '--aptopt=Acquire::Check-Valid-Until "false"', ...unneeded.map((path) => `--dpkgopt=path-exclude=${path}/*`), '--dpkgopt=force-unsafe-io', `--include=${[...packages, ...Object.keys(more)].join(',')}`, 'sid', unfinished], { timeout: 300_000 });
  await run(['rm', '-rf', ...['var/cache/apt', 'var/lib/apt/lists'].map((path) => join(unfinished, path))]);
  writeFileSync(join(unfinished, 'etc/strake-test-packages'), packages.join('\n'));
  rmSync(newestRootFolder, { recursive: true, force: true });
  renameSync(unfinished, newestRootFolder);
  return newestRootFolder;
}

async function addMore(): Promise<string> {
  if (hasMore()) return newestRootFolder;
  const script = `mount --rbind /proc "$0/proc"; mount --rbind /dev "$0/dev"; export DEBIAN_FRONTEND=noninteractive
chroot "$0" apt-get -qq -o Acquire::Check-Valid-Until=false update
chroot "$0" apt-get -y -qq --no-install-recommends -o APT::Sandbox::User=root install ${Object.keys(more).join(' ')} > /dev/null
rm -rf "$0/var/cache/apt" "$0/var/lib/apt/lists"`;
  await mustRun(['unshare', '-m', '--propagation', 'private', 'sh', '-euc', script, newestRootFolder], { timeout: 300_000 });
  return newestRootFolder;
}
