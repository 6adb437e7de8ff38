import { OperatorError, suggest, type BuildGraph, type ExecOp, type Vertex } from '@strake/api';
import type { BuildOptions } from '../build/build-options';

const KNOWN = ['network.host', 'security.insecure', 'device'];

/** What a build is allowed beyond the sandbox. */
export interface Grants {
  readonly network: boolean;
  readonly insecure: boolean;
  /** Names of devices, or all of them. */
  readonly devices: ReadonlySet<string> | 'all';
}

/** Reads what is granted, as buildx's `--allow` has it; a build-wide host network grants itself. Throws USAGE. */
export function grantsOf({ allow = [], network }: Pick<BuildOptions, 'allow' | 'network'>): Grants {
  const devices = new Set<string>();
  const all = new Set<string>();
  for (const entry of allow) {
    const [name = '', value] = entry.split(/=(.*)/s);
    if (!KNOWN.includes(name) || (value !== undefined && name !== 'device')) throw unknown(entry, name);
    if (value === undefined) all.add(name);
    else devices.add(deviceOf(value, entry));
  }
  return { network: network === 'host' || all.has('network.host'), insecure: all.has('security.insecure'), devices: all.has('device') ? 'all' : devices };
}

/** `device=NAME` or `device=name=NAME`. */
function deviceOf(value: string, entry: string): string {
  if (value.includes(',')) throw new OperatorError('UNSUPPORTED', `--allow ${entry}: an alias of a device is not supported`, { hint: 'give each device its own --allow device=NAME' });
  return value.replace(/^name=/, '');
}

function unknown(entry: string, name: string): OperatorError {
  const near = suggest(name, KNOWN);
  return new OperatorError('USAGE', `unknown entitlement ${entry}`, { hint: near === undefined ? `known are ${KNOWN.join(', ')}` : `did you mean ${near}?` });
}

/** Refuses programs that ask for more than is granted, before anything runs, with the flag's position. Throws NOT_ALLOWED. */
export function checkGrants(graph: BuildGraph, grants: Grants): void {
  for (const vertex of graph.vertices) {
    for (const op of vertex.ops) if (op.type === 'exec') checkExec(op, vertex, grants);
  }
}

function checkExec({ network, security, devices = [] }: ExecOp, vertex: Vertex, grants: Grants): void {
  if (network === 'host' && !grants.network) throw refusal('network.host', '--network', vertex);
  if (security === 'insecure' && !grants.insecure) throw refusal('security.insecure', '--security', vertex);
  for (const { name } of devices) {
    if (grants.devices !== 'all' && !grants.devices.has(name)) throw refusal(`device=${name}`, '--device', vertex);
  }
}

function refusal(what: string, at: string, { note }: Vertex): OperatorError {
  return new OperatorError('NOT_ALLOWED', `${what} is not allowed`, { at, hint: `grant it: --allow ${what}`, ...(note.range ? { range: note.range } : {}) });
}
