import type { Dockerfile, InstructionNode } from '@strake/api';

/** The escape character that counts for an instruction: that of the file it stands in. */
export function escapeFor({ escape }: InstructionNode, file: Dockerfile): '\\' | '`' {
  return escape ?? file.escape;
}
