import type { InstructionNode } from '@strake/api';

/** The description of a stage or an argument: what follows its name in a comment line directly above. Empty without one. */
export function docComment({ comments }: InstructionNode, name: string): string {
  if (name === '') return '';
  return comments.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
}
