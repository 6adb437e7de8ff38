import { InstructionError } from '@strake/api';
import type { ProgramText } from '@strake/api';

/** The `Test` list of a health check. Throws what BuildKit says of a program that is missing or not wanted. */
export function testWords(choice: string, program: ProgramText | undefined): readonly string[] {
  const empty = program === undefined || (program.form === 'shell' ? program.text === '' : program.words.length === 0);
  if (choice === 'NONE') {
    if (!empty) throw new InstructionError('HEALTHCHECK NONE takes no arguments');
    return ['NONE'];
  }
  if (empty) throw new InstructionError('Missing command after HEALTHCHECK CMD');
  return program.form === 'exec' ? ['CMD', ...program.words] : ['CMD-SHELL', program.text];
}
