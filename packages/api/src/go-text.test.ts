import { goQuote, goQuoteList } from './go-text';

// What Go's `%q` prints.
test.each([
  ['a b', '"a b"'],
  ['"a" \\', '"\\"a\\" \\\\"'],
  ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\u0000\u001b\u007f', '"\\x00\\x1b\\x7f"'],
  ['é 한 ☃ 😀', '"é 한 ☃ 😀"'],
  ['\u00a0\u200b\ufeff', '"\\u00a0\\u200b\\ufeff"'],
  ['\u{e0001}', '"\\U000e0001"'],
])('%j', (text, expected) => {
  expect(goQuote(text)).toBe(expected);
});

test.each([
  [[], '[]'],
  [['a', 'b "c"'], '["a" "b \\"c\\""]'],
])('%j', (words, expected) => {
  expect(goQuoteList(words)).toBe(expected);
});
