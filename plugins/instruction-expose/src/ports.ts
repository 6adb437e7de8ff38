import { InstructionError } from '@strake/api';

/** The ports that one word names, `[[ip:]host:]port[-port][/protocol]`, each as `port/protocol`. */
export function expandPorts(word: string): readonly string[] {
  const last = word.split(':').at(-1) ?? '';
  const [range = '', protocol = ''] = last.split(/\/(.*)/s);
  if (range === '') throw invalid(`invalid port: "${word}": no port specified`, word);
  const name = protocol === '' ? 'tcp' : protocol.toLowerCase();
  if (!['tcp', 'udp', 'sctp'].includes(name)) throw invalid(`invalid port: "${word}": invalid proto: ${protocol}`, word);
  const [first = '', second = first] = range.split(/-(.*)/s);
  const [start, end] = [portNumber(first), portNumber(second)];
  if (start === undefined || end === undefined || end < start) throw invalid(`invalid containerPort: ${range}`, word);
  return Array.from({ length: end - start + 1 }, (_, index) => `${start + index}/${name}`);
}

function portNumber(text: string): number | undefined {
  const port = /^\+?[0-9]+$/.test(text) ? Number(text) : NaN;
  return port <= 65535 ? port : undefined;
}

function invalid(message: string, at: string): InstructionError {
  return new InstructionError(message, { at });
}
