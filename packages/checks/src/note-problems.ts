import { suggest, type Diagnostic, type Dockerfile, type SourceRange } from '@strake/api';
import type { CheckOptions } from './check-options';
import { commentOptions } from './comment-options';

/** Says which names in check options no rule has, and which comments above instructions cannot be read. */
export function noteProblems({ directives, instructions }: Dockerfile, names: readonly string[], options: CheckOptions): readonly Diagnostic[] {
  const directive = directives.find(({ key }) => key === 'check');
  // Two words that look like one list: the second would be lost without a word.
  const cut = directive !== undefined && /^[^ ]*[,;=] /.test(directive.value);
  return [
    ...(cut ? [note('what follows the blank in the check options does not count', directive.range, 'write them without blanks')] : []),
    ...unknownNames(options, names, directive?.range),
    ...instructions.flatMap((node) => {
      const { options: own, problem } = commentOptions(node);
      if (problem !== undefined) return [note(`the check options in the comment above do not count: ${problem}`, node.range)];
      return own === undefined ? [] : unknownNames(own, names, node.range);
    }),
  ];
}

function unknownNames({ skip, experimental }: CheckOptions, names: readonly string[], range: SourceRange | undefined): readonly Diagnostic[] {
  return [...skip, ...experimental].filter((name) => !names.includes(name)).map((name) => {
    const near = suggest(name, names);
    return note(`there is no check rule ${name}`, range, near === undefined ? undefined : `did you mean ${near}?`);
  });
}

function note(message: string, range?: SourceRange, hint?: string): Diagnostic {
  return { code: 'CheckOptions', severity: 'warning', message, ...(range === undefined ? {} : { range }), ...(hint === undefined ? {} : { hint }) };
}
