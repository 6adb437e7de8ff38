import { decodeText } from './decode-text';
import { parseDockerfile } from './parse-dockerfile';

test.each([
  ['text', Buffer.from('añ語🚢\n'), 'añ語🚢\n'],
  ['a byte that begins nothing', Buffer.from([0x61, 0xff, 0x62]), 'a\ufffdb'],
  ['a character that breaks off: one for each byte', Buffer.from([0xe2, 0x82, 0x79]), '\ufffd\ufffdy'],
  ['a longer form than needed', Buffer.from([0xc0, 0x80]), '\ufffd\ufffd'],
  ['a surrogate', Buffer.from([0xed, 0xa0, 0x80]), '\ufffd\ufffd\ufffd'],
  ['above the last character', Buffer.from([0xf4, 0x90, 0x80, 0x80]), '\ufffd\ufffd\ufffd\ufffd'],
  ['the character itself', Buffer.from('\ufffd'), '\ufffd'],
  ['at the end', Buffer.from([0x61, 0xf0, 0x9f]), 'a\ufffd\ufffd'],
])('%s', (_what, bytes, text) => expect(decodeText(bytes)).toBe(text));

test('a file with such bytes is read, and warned of', () => {
  const { warnings } = parseDockerfile(Buffer.from([...Buffer.from('FROM scratch\nLABEL a='), 0xff]), { file: 'Dockerfile' });
  expect(warnings).toEqual([expect.objectContaining({ code: 'InvalidCharacter', range: { file: 'Dockerfile', start: { line: 2, column: 9 }, end: { line: 2, column: 10 } } })]);
});
