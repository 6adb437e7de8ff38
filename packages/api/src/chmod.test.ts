import { applyMode, isMode, octalMode } from '.';

const octal = (mode: number): string => mode.toString(8);

test.each([
  // What BuildKit makes of the same, case by case (test/differential/cases/copy-chmod-*).
  ['755', 0o644, '755'],
  ['0', 0o777, '0'],
  ['04750', 0o644, '4750'],
  ['u=rwX,go=rX', 0o644, '644'],
  ['u=rwX,go=rX', 0o755, '755'],
  ['u=rwX,go=rX', 0o100, '755'],
  ['a+x', 0o644, '755'],
  ['+w', 0o444, '666'],
  ['go-rwx', 0o777, '700'],
  ['go=', 0o777, '700'],
  ['a=,a+X', 0o755, '111'],
  ['a=,a+X', 0o644, '0'],
  ['a-x,u+X', 0o755, '744'],
  ['a-X', 0o755, '644'],
  ['g=u,o=', 0o604, '660'],
  ['g=o', 0o755, '755'],
  ['o=g,g-r', 0o750, '715'],
  ['u=g+w', 0o754, '754'],
  ['a=u-w', 0o755, '555'],
  ['go=u-w,o-x', 0o755, '754'],
  ['u+rwx-w+r=x', 0o755, '155'],
  ['u+s,g+s', 0o644, '6644'],
  ['+s', 0o644, '6644'],
  ['o+s', 0o644, '644'],
  ['+t', 0o755, '1755'],
  ['o+t', 0o755, '755'],
  ['u-s', 0o6755, '2755'],
  ['u=rwx', 0o6711, '2711'],
  ['=rw', 0o6711, '666'],
  ['a=rwx', 0o7711, '1777'],
  ['+', 0o640, '640'],
  ['u=X', 0o640, '40'],
])('%s of a file', (written, mode, expected) => {
  expect(octal(applyMode(written, mode, false))).toBe(expected);
});

test.each([
  ['u=rwX,go=rX', 0o600, '755'],
  ['a=,a+X', 0o755, '111'],
  ['g+X', 0o600, '610'],
  ['640', 0o755, '640'],
])('%s of a directory', (written, mode, expected) => {
  expect(octal(applyMode(written, mode, true))).toBe(expected);
});

test.each(['', '8', '10000', '0x1', 'u', 'u+q', 'u+x,', ',u+x', 'rwx', 'u+x g+x', '1u+x', '-1', 'z=r', 'U+x'])('%j is no mode', (written) => {
  expect(isMode(written)).toBe(false);
  expect(() => applyMode(written, 0o644, false)).toThrow(RangeError);
});

test('only digits are a mode by themselves', () => {
  expect([octalMode('0755'), octalMode('u=rw'), octalMode('10000')]).toEqual([0o755, undefined, undefined]);
});

const texts = ['', 'u', 'g', 'o', 'a', 'ug', 'go'].flatMap((who) => ['=', '+', '-'].flatMap((operator) => ['', 'r', 'wx', 'X', 's', 't', 'u', 'g', 'o'].map((bits) => `${who}${operator}${bits}`)));

test('what is set twice is set once, bits stay within a mode, and a clause about others leaves the rest', () => {
  for (const text of texts) {
    for (let mode = 0; mode <= 0o7777; mode += 0o137) {
      const once = applyMode(text, mode, false);
      expect(once & ~0o7777).toBe(0);
      if (text.includes('=') && !/[ugo]$|X/.test(text)) expect([text, applyMode(text, once, false)]).toEqual([text, once]);
      if (text.startsWith('o')) expect(once & 0o7770).toBe(mode & 0o7770);
    }
  }
});
