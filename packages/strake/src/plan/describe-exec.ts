import type { ExecOp, Mount, Selection } from '@strake/api';
import type { Takings } from '@strake/backend-simulator';
import { mountRead } from '@strake/solver';

/** A program in a plan's words. */
export function describeExec({ args, cwd, user, network, security, devices = [] }: ExecOp): string {
  const further = [
    ...(user === '' ? [] : [`as ${user}`]),
    ...(network === 'default' ? [] : [`with the network ${network}`]),
    ...(security === undefined ? [] : ['without a sandbox']),
    ...devices.map(({ name }) => `with the device ${name}`),
  ];
  return [`run ${args.map((word) => JSON.stringify(word)).join(' ')} in ${cwd}`, ...further].join(' ');
}

/** A mount in a plan's words. */
export function describeMount(mount: Mount, takings: Takings): string {
  const taken = mountRead(mount).map(({ op }) => total(takings.get(op))).join('');
  switch (mount.type) {
    case 'bind':
      return `mount ${mount.source} at ${mount.target}, ${mount.readonly ? 'read-only' : 'writes are discarded'}${taken}`;
    case 'cache':
      return `mount the cache ${mount.id} at ${mount.target}, ${mount.sharing}${mount.readonly ? ', read-only' : ''}${taken}`;
    case 'tmpfs':
      return `mount memory at ${mount.target}${mount.size === undefined ? '' : ` (${mount.size} bytes)`}`;
    case 'secret':
      return `show the secret ${mount.id} ${[...(mount.target === undefined ? [] : [`at ${mount.target}`]), ...(mount.env === undefined ? [] : [`as ${mount.env}`])].join(' and ')}`;
    case 'ssh':
      return `show the SSH agent ${mount.id} at ${mount.target}`;
  }
}

/** How much is taken, in brackets; empty where it is not known. */
export function total(selection: Selection | undefined): string {
  if (!selection) return '';
  const files = selection.files.filter(({ type }) => type === 'file');
  return ` (${files.length} ${files.length === 1 ? 'file' : 'files'}, ${files.reduce((sum, { size }) => sum + size, 0)} bytes)`;
}
