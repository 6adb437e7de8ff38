import { InstructionError } from '@strake/api';
import { isAddress } from './address';

/** The ports that one word names, `[[ip:]host:]port[-port][/protocol]`, each as `port/protocol`. What stands before the port is checked and else unused. */
export function expandPorts(word: string): readonly string[] {
  const refuse = (message: string): never => {
    throw new InstructionError(message, { at: word });
  };
  const parts = word.split(':');
  const [host = '', address] = [parts.at(-2), parts.slice(0, -2).join(':')];
  const { range, protocol } = portAndProtocol(parts.at(-1) ?? '', (why) => refuse(`invalid port: "${word}": ${why}`));
  if (address !== '' && !isAddress(address)) refuse(`invalid IP address: ${address}`);
  const ports = portRange(range) ?? refuse(`invalid containerPort: ${range}`);
  const hosts = host === '' ? ports : (portRange(host) ?? refuse(`invalid hostPort: ${host}`));
  if (ports.end > ports.start && hosts.end - hosts.start !== ports.end - ports.start) {
    refuse(`invalid ranges specified for container and host Ports: ${range} and ${host}`);
  }
  return Array.from({ length: ports.end - ports.start + 1 }, (_, index) => `${ports.start + index}/${protocol}`);
}

function portAndProtocol(text: string, refuse: (why: string) => never): { readonly range: string; readonly protocol: string } {
  const [range = '', protocol = ''] = text.split(/\/(.*)/s);
  if (range === '') refuse('no port specified');
  const name = protocol === '' ? 'tcp' : protocol.toLowerCase();
  if (!['tcp', 'udp', 'sctp'].includes(name)) refuse(`invalid proto: ${protocol}`);
  return { range, protocol: name };
}

function portRange(text: string): { readonly start: number; readonly end: number } | undefined {
  const [first = '', second = first] = text.split(/-(.*)/s);
  const [start, end] = [portNumber(first), portNumber(second)];
  return start === undefined || end === undefined || end < start ? undefined : { start, end };
}

function portNumber(text: string): number | undefined {
  const port = /^\+?[0-9]+$/.test(text) ? Number(text) : NaN;
  return port <= 65535 ? port : undefined;
}
