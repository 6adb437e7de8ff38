import fc from 'fast-check';
import { Redactor } from './redactor';

function redact(values: readonly string[], pieces: readonly Buffer[]): string {
  const redactor = new Redactor(values.map((value) => Buffer.from(value)));
  return Buffer.concat([...pieces.map((piece) => redactor.add(piece)), redactor.end()]).toString();
}

test.each<[string, readonly string[], string, string]>([
  ['a value', ['hunter2'], 'password: hunter2!\n', 'password: ***!\n'],
  ['a value that ends with a newline', ['hunter2\n'], 'a hunter2 b', 'a *** b'],
  ['each time', ['ab'], 'ab-ab-abab', '***-***-******'],
  ['the longer of two', ['pass', 'password'], 'password pass', '*** ***'],
  ['a value of several lines', ['first line\nsecond line\n'], 'x first line\nsecond line\n', 'x ***\n'],
  ['one line of several', ['first line\nsecond line\n'], 'only second line here', 'only *** here'],
  ['not the short lines of a longer value', ['{\n"key": 1\n}\n'], '{ } "key": 1', '{ } ***'],
  ['a value of one character', ['x'], 'axb', 'a***b'],
  ['nothing for an empty value', ['', '\n'], 'a\nb', 'a\nb'],
  ['no patterns in values', ['a.c$'], 'abc a.c$', 'abc ***'],
])('masks %s', (_what, values, text, expected) => {
  expect(redact(values, [Buffer.from(text)])).toBe(expected);
  expect(redact(values, [...text].map((character) => Buffer.from(character)))).toBe(expected);
});

test('what is shown does not depend on how the output is cut, and never holds a value', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 6 });
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), fc.array(word, { maxLength: 12 }), (values, pieces) => {
    const whole = redact(values, [Buffer.from(pieces.join(''))]);
    expect(redact(values, pieces.map((piece) => Buffer.from(piece)))).toBe(whole);
    for (const value of values.map((text) => text.trim()).filter((text) => text !== '')) expect(whole.replaceAll('***', '\0')).not.toContain(value);
  }));
});

test('what cannot be the beginning of a value is shown at once', () => {
  const redactor = new Redactor([Buffer.from('secret')]);
  expect(redactor.add(Buffer.from('progress 10%')).toString()).toBe('progress 10%');
  expect(redactor.add(Buffer.from(' sec')).toString()).toBe(' ');
  expect(redactor.add(Buffer.from('tion')).toString()).toBe('section');
});
