import { patternOf, replaceMatches, trimPrefix, trimSuffix } from './substitute';

/** `${name<operator>word}`, the word already expanded. */
export interface Parameter {
  readonly name: string;
  /** undefined when the variable is not set. */
  readonly value: string | undefined;
  readonly operator: '-' | '+' | '?' | '#' | '%';
  /** With a colon before the operator an empty value counts as unset. */
  readonly colon: boolean;
  readonly word: string;
}

type Fail = (message: string) => never;

/** The value of a parameter with a modifier (POSIX XCU 2.6.2); `fail` throws the reference's text. */
export function parameterValue(parameter: Parameter, fail: Fail): string {
  const { value, word, operator } = parameter;
  const absent = value === undefined || (parameter.colon && value === '');
  switch (operator) {
    case '-':
      return absent ? word : value;
    case '+':
      return absent ? '' : word;
    case '?':
      return absent ? fail(`${parameter.name}: ${refusal(parameter)}`) : value;
    case '#':
    case '%':
      return trimmed(parameter, fail);
  }
}

/** `${name/pattern/replacement}`; with `all`, `${name//pattern/replacement}`. */
export function replacedValue(value: string | undefined, pattern: string, replacement: string, all: boolean, fail: Fail): string {
  return replaceMatches(value ?? '', patternOf(pattern, fail), replacement, all);
}

function refusal({ value, word }: Parameter): string {
  if (word !== '') return word;
  return value === undefined ? 'is not allowed to be unset' : 'is not allowed to be empty';
}

function trimmed({ value, word, operator }: Parameter, fail: Fail): string {
  const longest = word.startsWith(operator);
  const pattern = patternOf(longest ? word.slice(1) : word, fail);
  return (operator === '#' ? trimPrefix : trimSuffix)(value ?? '', pattern, longest);
}
