import type { Grammar } from '@strake/api';

/** What the parser must know of a keyword to find the end of its instruction. */
export interface KeywordSyntax {
  /** Here-documents may follow. */
  readonly heredocs: boolean;
  /** The arguments are another instruction, whose own syntax decides. */
  readonly sub?: boolean;
}

/** Looks a keyword up, in upper case. A `Map` is one. */
export interface SyntaxTable {
  get(keyword: string): KeywordSyntax | undefined;
}

/** What the parser must know of a keyword whose arguments have this grammar. */
export function syntaxOf(grammar: Grammar): KeywordSyntax {
  switch (grammar.kind) {
    case 'program':
    case 'sources':
      return { heredocs: grammar.heredoc === true };
    case 'sub-instruction':
      return { heredocs: false, sub: true };
    default:
      return { heredocs: false };
  }
}
