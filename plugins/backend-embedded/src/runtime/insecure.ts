import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { splitDevice } from '@strake/syscalls';
import { KERNEL_MOUNTS, type OciMount } from './docker-defaults';
import type { RunDevice } from './run-spec';

/** capabilities(7), by number. */
const NAMES = [
  'chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap', 'linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw',
  'ipc_lock', 'ipc_owner', 'sys_module', 'sys_rawio', 'sys_chroot', 'sys_ptrace', 'sys_pacct', 'sys_admin', 'sys_boot', 'sys_nice', 'sys_resource', 'sys_time', 'sys_tty_config', 'mknod', 'lease',
  'audit_write', 'audit_control', 'setfcap', 'mac_override', 'mac_admin', 'syslog', 'wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf', 'checkpoint_restore',
];

/** Every capability that this process has: what `--security=insecure` gives. */
export function ownCapabilities(): readonly string[] {
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
  return NAMES.filter((_, bit) => ((mask >> BigInt(bit)) & 1n) === 1n).map((name) => `CAP_${name.toUpperCase()}`);
}

const CGROUP = '/sys/fs/cgroup';

/** The kernel's file systems, writable, and the machine's control groups. */
export function insecureKernelMounts(): readonly OciMount[] {
  const mounts = KERNEL_MOUNTS.map(({ options = [], ...mount }) => ({ ...mount, options: options.filter((option) => option !== 'ro') }));
  return existsSync(CGROUP) ? [...mounts, { destination: CGROUP, type: 'bind', source: CGROUP, options: ['rbind', 'rprivate', 'rw'] }] : mounts;
}

const LOOP_DEVICES = 8;

/** What BuildKit adds to /dev, as far as the machine has it, and loop devices that may yet be made. */
export function insecureDevices(): readonly RunDevice[] {
  const names = ['kmsg', 'cuse', 'fuse', 'kvm', 'net/tun', 'loop-control', ...Array.from({ length: LOOP_DEVICES }, (_, number) => `loop${number}`)];
  return names.flatMap((name) => deviceAt(`/dev/${name}`) ?? []);
}

/** A device node of this machine; undefined when there is none. */
export function deviceAt(path: string): RunDevice | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !(stats.isBlockDevice() || stats.isCharacterDevice())) return undefined;
  const { mode, uid, gid, rdev } = stats;
  return { path, type: stats.isBlockDevice() ? 'b' : 'c', ...splitDevice(rdev), mode: mode & 0o777, uid, gid };
}
