import { OperatorError } from '@strake/api';

/** Where a server listens. */
export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** An inherited socket: systemd's activation hands them over from 3 on. */
  | { readonly kind: 'fd'; readonly fd: number };

/** Reads `unix://PATH`, `tcp://HOST:PORT` or `fd://N` as dockerd's --host has them. Throws USAGE. */
export function parseAddress(text: string): Address {
  const [, scheme, rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(text) ?? [];
  switch (scheme) {
    case 'unix':
      if (rest.startsWith('/')) return { kind: 'unix', path: rest };
      break;
    case 'tcp':
      return tcpAddress(text, rest);
    case 'fd':
      if (rest === '' || /^\d+$/.test(rest)) return { kind: 'fd', fd: rest === '' ? 3 : Number(rest) };
      break;
    default:
  }
  throw invalid(text);
}

function tcpAddress(text: string, rest: string): Address {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:]+\]|[^:/]*):(\d+)$/.exec(rest) ?? [];
  if (port === '' || Number(port) > 65_535) throw invalid(text);
  return { kind: 'tcp', host: host.replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(port) };
}

function invalid(text: string): OperatorError {
  return new OperatorError('USAGE', `invalid address "${text}"`, { hint: 'write unix:///path, tcp://host:port or fd://' });
}
