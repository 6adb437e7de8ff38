import { expandWord, expandWords } from './expand-word';

const env = new Map([['FOO', 'xxyy'], ['PATHS', '/tmp/tmp/bar.txt'], ['EMPTY', ''], ['X', 'x'], ['STARS', 'a***yy*'], ['URL', 'http://a.b'], ['MARKS', '???y'], ['TWO', 'a b']]);
const expand = (text: string) => expandWord(text, env, { escape: '\\' });

// A text, what it becomes, and the variables in it that are not set.
const cases: readonly (readonly [text: string, value: string, unset?: readonly string[]])[] = [
  ['a $NO b', 'a  b', ['NO']],
  ['$FOO${FOO}', 'xxyyxxyy'],
  ['${FOO-a} ${EMPTY-b} ${NO-c}', 'xxyy  c', ['NO']],
  ['${FOO:-a} ${EMPTY:-b} ${NO:-c}', 'xxyy b c', ['NO']],
  ['${FOO:-}${NO:-}', 'xxyy', ['NO']],
  ['${FOO+a} ${EMPTY+b} ${NO+c}', 'a b ', ['NO']],
  ['${FOO:+a} ${EMPTY:+b} ${NO:+c}', 'a  ', ['NO']],
  ['${FOO?a}${EMPTY?b}', 'xxyy'],
  ['${FOO:?a}', 'xxyy'],
  ['${NO:-${ALSO:-$FOO}}', 'xxyy', ['ALSO', 'NO']],
  ['${FOO#x}', 'xyy'],
  ['${FOO#$X}', 'xyy'],
  ['${FOO#$EMPTY}', 'xxyy'],
  ['${FOO#}', 'xxyy'],
  ['${FOO#*x*y}', 'y'],
  ['${FOO#*}', 'xxyy'],
  ['${FOO##*x}', 'yy'],
  ['${FOO##*}', ''],
  ['${FOO%y}', 'xxy'],
  ['${FOO%%y*}', 'xx'],
  ['${FOO%}', 'xxyy'],
  ['${STARS%%\\**\\*}', 'a'],
  ['${MARKS#?\\?}', '?y'],
  ['${PATHS/\\/tmp/}', '/tmp/bar.txt'],
  ['${PATHS//\\/tmp/}', '/bar.txt'],
  ['${URL/http:\\/\\//https:\\/\\/}', 'https:\\/\\/a.b'],
  ['${FOO/?/-}', '-xyy'],
  ['${FOO//?/-}', '----'],
  ["'$FOO'", '$FOO'],
  ['"$FOO \'$X\'"', "xxyy 'x'"],
  ['\\$FOO', '$FOO'],
  ['"a\\b\\"c"', 'a\\b"c'],
  ['$', '$'],
  ['a$', 'a$'],
  ['$.x', '$.x'],
];

test.each(cases.map(([text, value, unset = []]) => [text, value, unset] as const))('%s', (text, value, unset) => {
  const { value: found, unset: missing } = expand(text);
  expect(found).toBe(value);
  expect([...missing].sort()).toEqual([...unset].sort());
});

test.each([
  ['${NO?why}', 'NO: why'],
  ['${NO:?why}', 'NO: why'],
  ['${EMPTY:?why $X}', 'EMPTY: why x'],
  ['${NO?}', 'NO: is not allowed to be unset'],
  ['${EMPTY:?}', 'EMPTY: is not allowed to be empty'],
  ['${FOO=a}', 'unsupported modifier (=) in substitution'],
  ['${FOO:#a}', 'unsupported modifier (:#) in substitution'],
  ['${FOO:%a}', 'unsupported modifier (:%) in substitution'],
  ['${FOO', "syntax error: missing '}'"],
  ['${', "syntax error: missing '}'"],
  ['${}', 'syntax error: bad substitution'],
  ['${:-a}', 'syntax error: bad substitution'],
  ['${FOO/a}', "syntax error: missing '/' in ${}"],
  ['${FOO/a/b', "syntax error: missing '}'"],
  ["'a", 'unexpected end of statement while looking for matching single-quote'],
  ['"a', 'unexpected end of statement while looking for matching double-quote'],
])('%s is refused', (text, message) => {
  expect(() => expand(text)).toThrow(expect.objectContaining({ code: 'INVALID_EXPANSION', message: `failed to process ${JSON.stringify(text)}: ${message}` }));
});

test.each([
  ['$TWO', ['a', 'b']],
  ['"$TWO"', ['a b']],
  ['x$TWO', ['xa', 'b']],
  ['$EMPTY', []],
  ['"$EMPTY"', []],
  ['a\\ b c', ['a b', 'c']],
])('words of %s', (text, words) => {
  expect(expandWords(text, env, { escape: '\\' }).words).toEqual(words);
});

test('names ignore case on Windows', () => {
  expect(expandWord('$foo', env, { escape: '`', platformOs: 'windows' }).value).toBe('xxyy');
});

test.each([
  [{ keepQuotes: true }, '"$FOO" \'$X\' $NO', '"xxyy" \'$X\' '],
  [{ keepUnset: true }, '"$FOO" $NO ${NO:-a}', 'xxyy $NO ${NO:-a}'],
  [{ ignoreQuotes: true }, '"$FOO" it\'s', '"xxyy" it\'s'],
])('with %j', (options, text, expected) => {
  expect(expandWord(text, env, { escape: '\\', ...options }).value).toBe(expected);
});
