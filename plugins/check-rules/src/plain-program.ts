/** What only a shell can do, or would do otherwise than a program of that name. */
const BUILTINS = new Set([
  '.', ':', 'alias', 'break', 'cd', 'command', 'continue', 'eval', 'exec', 'exit', 'export', 'if', 'for', 'case', 'while', 'until', 'read', 'readonly',
  'return', 'set', 'shift', 'source', 'time', 'times', 'trap', 'type', 'ulimit', 'umask', 'unalias', 'unset', 'wait', 'echo', 'printf', 'test',
]);

/** The words of a shell-form program that means the same without a shell: no quotes, variables, patterns, operators or builtins. */
export function plainProgram(text: string): readonly string[] | undefined {
  if (!/^[A-Za-z0-9_./:@%+,= -]+$/.test(text)) return undefined;
  const words = text.split(/ +/);
  const [program = ''] = words;
  return program === '' || program.includes('=') || BUILTINS.has(program) ? undefined : words;
}
