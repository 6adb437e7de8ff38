import { defineRule, rangeOf, type Fix, type InstructionNode } from '@strake/api';
import { firstQuotedWord } from './quoted-words';
import { pageOf } from './page-of';

/** `ENV name the value` and `LABEL name the value`. */
export const legacyKeyValueFormat = defineRule({
  name: 'LegacyKeyValueFormat',
  description: 'Legacy key/value format with whitespace separator should not be used',
  url: pageOf('legacy-key-value-format'),
  instruction({ node, trigger }, _stage, facts) {
    const { keyword, written, text } = node;
    if ((keyword !== 'ENV' && keyword !== 'LABEL') || firstQuotedWord(text, facts.file.escape).includes('=')) return [];
    const fix = trigger ? undefined : fixOf(node);
    return [{ message: `"${written} key=value" should be used instead of legacy "${written} key value" format`, ...(fix === undefined ? {} : { fix }) }];
  },
});

/** Only where quotes and escapes leave no doubt, and on one line. */
function fixOf({ text, segments, range, written }: InstructionNode): Fix | undefined {
  const [, name, value] = /^([\w.$\-/]+)[ \t]+([^"'\\`]+)$/.exec(text) ?? [];
  const whole = rangeOf(range.file, segments, 0, text.length);
  if (name === undefined || value === undefined || whole.start.line !== whole.end.line) return undefined;
  const pair = `${name}=${/\s/.test(value) ? `"${value}"` : value}`;
  return { title: `write ${written} ${pair}`, edits: [{ range: whole, text: pair }] };
}
