import { jsonForm } from './json-form';

const strings: readonly (readonly [string, readonly string[]])[] = [
  ['[]', []],
  ['[""]', ['']],
  ['["a","b"]', ['a', 'b']],
  ['\t[ "a",\t"b" ]  ', ['a', 'b']],
  ['["♥ 1", "\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000"]', ['♥ 1', '" \\ / \b \f \n \r \t \u0000']],
  ['["\\ud83d\\ude00"]', ['😀']],
  ['["\\ud83d"]', ['\ufffd']],
];

test.each(strings)('%s', (text, expected) => {
  expect(jsonForm(text)).toEqual({ kind: 'strings', strings: expected });
});

test.each(['["a",4]', '["a",1.5]', '["a",{}]', '["a",{"b":"c"}]', '["a",["b"]]', '["a",true]', '["a",null]', '[1]'])('%s holds other things', (text) => {
  expect(jsonForm(text)).toEqual({ kind: 'mixed' });
});

test.each(['', 'a', '"a"', '{"a":"b"}', '["a"', "['a']", '["a",]', '["a"] b', '["a" "b"]', '[1e999]', '["\n"]'])('%j is none', (text) => {
  expect(jsonForm(text)).toEqual({ kind: 'none' });
});
