import { wordsOf, type Fix, type InstructionFacts, type SourceRange } from '@strake/api';
import { writtenPort } from './written-port';

/**
 * Where a port stands, and the fix that writes it by `replace`; nothing for one that came out of a variable or of a trigger.
 * EXPOSE sorts ports as they are written: where another writing sorts otherwise, the image's history is another.
 */
export function exposeFix({ node, instruction, trigger }: InstructionFacts, port: string, replace: (port: string) => string): { readonly range?: SourceRange; readonly fix?: Fix } {
  const word = trigger ? undefined : wordsOf(node).find(({ text }) => text === port);
  if (word === undefined) return {};
  const ports = instruction.args as readonly string[];
  const same = keepsOrder(ports, replace) && keepsOrder(ports, plainPort);
  const fix = { title: `write ${replace(port)}`, edits: [{ range: word.range, text: replace(port) }], ...(same ? {} : { changesImage: true }) };
  return { range: word.range, fix };
}

/** A port as both rules about EXPOSE want it. */
function plainPort(port: string): string {
  const { container, protocol } = writtenPort(port);
  return protocol === '' ? container : `${container}/${protocol.toLowerCase()}`;
}

function keepsOrder(ports: readonly string[], replace: (port: string) => string): boolean {
  const after = ports.map(replace).sort();
  return [...ports].sort().every((port, index) => replace(port) === after[index]);
}
