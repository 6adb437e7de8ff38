import type { Choice } from './choice';

/** Names of variables: few, so that they meet. */
export const VARIABLES = ['A', 'B', 'PATH', 'DIR', 'VERSION', 'GREETING', 'EMPTY', 'nope', '_x1'] as const;

const PLAIN = ['x', 'one', 'two', '1.2.3', 'a/b/c.tar.gz', 'hello', 'ü', '0', '-n', 'a=b', '#', 'x#y', '*', '[a]', '~', '{}', '%', '日本'];

/** A word as an author writes it: plain, quoted, escaped, with variables and modifiers. No blanks outside quotes. */
export function growWord(choice: Choice, escape = '\\'): string {
  return choice.several(1, 3, () => piece(choice, escape)).join('');
}

function piece(choice: Choice, escape: string): string {
  return choice.weighted<() => string>([
    [6, () => choice.pick(PLAIN)],
    [3, () => variable(choice)],
    [2, () => `"${choice.pick(['x y', '', `a${variable(choice)}b`, `${escape}"`, `${escape}$A`, "it's", `${escape}${escape}`])}"`],
    [2, () => `'${choice.pick(['x y', '', '$A', 'a"b', `${escape}n`])}'`],
    // A blank behind the escape at the end of a line would continue it.
    [1, () => `${escape}${choice.pick([' x', '$A', '"', escape, 'n'])}`],
  ])();
}

/** A variable in any of the forms that are allowed. */
export function variable(choice: Choice): string {
  const name = choice.pick(VARIABLES);
  const word = choice.pick(['', 'd', '$B', '${B:-e}', 'o', '/', '.', 'x*']);
  return choice.weighted<string>([
    [4, `$${name}`],
    [3, `\${${name}}`],
    [2, `\${${name}:-${word}}`],
    [2, `\${${name}:+${word}}`],
    [1, `\${${name}-${word}}`],
    [1, `\${${name}+${word}}`],
    [1, `\${${name}#${choice.pick(['*', '?', 'h', '*/', '1.', '\\*'])}}`],
    [1, `\${${name}##${choice.pick(['*', '*.', 'x', '*l'])}}`],
    [1, `\${${name}%${choice.pick(['*', '.*', '?', 'o'])}}`],
    [1, `\${${name}%%${choice.pick(['*', '.*', '/*', 'l*'])}}`],
    [1, `\${${name}/${choice.pick(['l', '.', 'he', '*', '?'])}/${choice.pick(['', 'X', '$B'])}}`],
    [1, `\${${name}//${choice.pick(['l', '\\/', 'o', '?'])}/${choice.pick(['', 'Y'])}}`],
  ]);
}

/** A value of a pair: a word, sometimes none at all. */
export function growValue(choice: Choice, escape?: string): string {
  return choice.percent(8) ? choice.pick(['', '""', "''"]) : growWord(choice, escape);
}
