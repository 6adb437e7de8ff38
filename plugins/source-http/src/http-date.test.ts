import { parseHttpDate } from './http-date';

test.each<[string, number | undefined]>([
  ['Sun, 06 Nov 1994 08:49:37 GMT', 784_111_777],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 784_111_777],
  ['Sun Nov  6 08:49:37 1994', 784_111_777],
  ['Sat Nov 26 08:49:37 1994', 785_839_777],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['Sat, 01 Jan 2011 00:00:00 +0100', undefined],
  ['2005-01-01T00:00:00Z', undefined],
  ['Sun, 06 Nov 1994 28:49:37 GMT', undefined],
  ['Sun, 06 Abc 1994 08:49:37 GMT', undefined],
  ['yesterday', undefined],
  ['', undefined],
])('%s', (text, expected) => expect(parseHttpDate(text)).toBe(expected));
