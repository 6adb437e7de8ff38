import { existsSync } from 'node:fs';
import { OperatorError, suggest, type DeviceRequest } from '@strake/api';
import type { RunDevice } from '../runtime';
import { deviceAt } from '../runtime/insecure';
import type { HostMount } from '../worker/protocol';
import type { CdiEdits, CdiNode, CdiSpec } from './cdi-spec';
import { readSpecs } from './read-specs';

/** What devices are for a container. */
export interface FoundDevices {
  readonly env: readonly string[];
  readonly devices: readonly RunDevice[];
  readonly mounts: readonly HostMount[];
}

/**
 * Finds devices by their CDI names in the specifications of some folders: `vendor/class=name`, a class for its first device,
 * `vendor/class=*` for all. Throws DEVICE_MISSING for one that is required; UNSUPPORTED for what a device asks for beyond nodes,
 * mounts and variables.
 */
export function findDevices(requests: readonly DeviceRequest[], folders: readonly string[]): FoundDevices {
  const specs = readSpecs(folders);
  const edits = new Set<CdiEdits>();
  for (const request of requests) for (const edit of editsOf(request, specs)) edits.add(edit);
  for (const edit of edits) refuseOthers(edit);
  const all = [...edits];
  return {
    env: all.flatMap(({ env = [] }) => env),
    devices: all.flatMap(({ deviceNodes = [] }) => deviceNodes.map(nodeOf)),
    mounts: all.flatMap(({ mounts = [] }) => mounts.map(({ hostPath, containerPath, options = [] }) => ({ type: 'host' as const, source: hostPath, target: containerPath, readonly: options.includes('ro') }))),
  };
}

function editsOf({ name, required }: DeviceRequest, specs: readonly CdiSpec[]): readonly CdiEdits[] {
  const [kind = '', device] = name.split(/=(.*)/s);
  const known = specs.filter((spec) => spec.kind === kind).flatMap((spec) => spec.devices.map((entry) => ({ spec, entry })));
  const named = device === '*' ? known : device === undefined ? known.slice(0, 1) : known.filter(({ entry }) => entry.name === device).slice(-1);
  if (named.length > 0) return named.flatMap(({ spec, entry }) => [spec.containerEdits ?? {}, entry.containerEdits ?? {}]);
  if (!required) return [];
  const names = specs.flatMap((spec) => spec.devices.map((entry) => `${spec.kind}=${entry.name}`));
  const near = suggest(name, names);
  const hint = names.length === 0 ? 'no device is described in /etc/cdi or /var/run/cdi' : near === undefined ? `known are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new OperatorError('DEVICE_MISSING', `the device ${name} is required and not found`, { at: '--device', hint });
}

function nodeOf({ path, hostPath, type, major, minor, fileMode, uid, gid }: CdiNode): RunDevice {
  const host = deviceAt(hostPath ?? path);
  const node = type !== undefined && major !== undefined && minor !== undefined ? { type, major, minor } : host;
  if (node === undefined || (node.type !== 'b' && node.type !== 'c')) throw new OperatorError('DEVICE_MISSING', `${hostPath ?? path} is no device of this machine`, { at: '--device' });
  return { path, type: node.type, major: node.major, minor: node.minor, mode: (fileMode ?? host?.mode ?? 0o660) & 0o777, uid: uid ?? host?.uid ?? 0, gid: gid ?? host?.gid ?? 0 };
}

function refuseOthers({ hooks, intelRdt, additionalGids, mounts = [] }: CdiEdits): void {
  const wants = hooks !== undefined && hooks.length > 0 ? 'hooks' : intelRdt !== undefined ? 'Intel RDT' : additionalGids !== undefined && additionalGids.length > 0 ? 'further groups' : undefined;
  if (wants !== undefined) throw new OperatorError('UNSUPPORTED', `a device asks for ${wants}, which RUN cannot have here`, { at: '--device' });
  const gone = mounts.find(({ hostPath }) => !existsSync(hostPath));
  if (gone !== undefined) throw new OperatorError('DEVICE_MISSING', `a device needs ${gone.hostPath}, which is not on this machine`, { at: '--device' });
}
