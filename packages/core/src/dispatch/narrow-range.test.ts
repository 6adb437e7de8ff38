import { defineInstruction, InstructionError } from '@strake/api';
import { instructionsWith, lowerText } from '../test-support/lower-text';

const complain = defineInstruction({
  keyword: 'COMPLAIN',
  summary: 'complains of its first word',
  flags: { of: { type: 'string', summary: 'a flag' } },
  args: { kind: 'words' },
  lower: ({ args: [at = ''] }) => {
    throw new InstructionError('no', { at, hint: 'do not' });
  },
});
const registry = instructionsWith(complain);

test.each([
  ['a flag', 'COMPLAIN --of=x of', '3:10', '3:16'],
  ['a flag with dashes', 'COMPLAIN --of=x -- --of', '3:10', '3:16'],
  ['a word before a part of one', 'COMPLAIN a', '3:10', '3:11'],
  ['on a continued line', 'COMPLAIN \\\n  word', '4:3', '4:7'],
  ['nothing', 'COMPLAIN', '3:1', '3:9'],
])('%s', async (_name, text, start, end) => {
  const error: unknown = await lowerText(`FROM scratch\n\n${text}`, { registry }).catch((thrown: unknown) => thrown);
  const place = (line: string, column: string) => ({ line: Number(line), column: Number(column) });
  expect(error).toMatchObject({
    code: text.endsWith('--of') ? 'INVALID_FLAG' : 'INVALID_ARGUMENTS', message: 'no', hint: 'do not',
    range: { start: place(...(start.split(':') as [string, string])), end: place(...(end.split(':') as [string, string])) },
  });
});
