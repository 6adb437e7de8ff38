import type { InstructionFacts, LoweredOp } from '@strake/api';

/** The keywords that change no file. */
const METADATA: ReadonlySet<string> = new Set([
  'ARG', 'CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME',
]);

/**
 * Whether an instruction does what Docker's of the same keyword does. A plugin may define others, and may make something else
 * of one that is known: those have a text of their own.
 */
export function isClassic({ instruction, lowered: { ops = [] }, view }: InstructionFacts): boolean {
  const { keyword } = instruction;
  if (METADATA.has(keyword)) return ops.length === 0;
  if (keyword === 'WORKDIR') return ops.every(({ type }) => type === 'mkdir');
  if (keyword === 'COPY' || keyword === 'ADD') return ops.every((op) => op.type === 'copy');
  return keyword === 'RUN' && ops.length === 1 && ops.every((op) => isProgram(op, instruction.args, view));
}

function isProgram(op: LoweredOp, args: unknown, { shell, env }: InstructionFacts['view']): boolean {
  if (op.type !== 'exec') return false;
  const { form, words, text } = args as { readonly form: string; readonly words?: readonly string[]; readonly text?: string };
  const expected = form === 'exec' ? words : [...shell, text ?? ''];
  return JSON.stringify([op.args, op.env]) === JSON.stringify([expected, env]);
}
