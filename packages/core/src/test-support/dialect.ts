import type { Grammar } from '@strake/api';
import { syntaxOf, type KeywordSyntax } from '../parser/syntax';

/** The grammars of the keywords that the reference's own test files use; counts are left to the instructions. */
export const DIALECT: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ['ADD', { kind: 'sources', expand: 'word', heredoc: true }],
  ['ARG', { kind: 'pairs', expand: 'word', bare: true }],
  ['CMD', { kind: 'program', optional: true }],
  ['COPY', { kind: 'sources', expand: 'word', heredoc: true }],
  ['ENTRYPOINT', { kind: 'program', optional: true }],
  ['ENV', { kind: 'pairs', expand: 'word', legacy: true }],
  ['EXPOSE', { kind: 'words', expand: 'words' }],
  ['FROM', { kind: 'words', expand: 'word' }],
  ['HEALTHCHECK', { kind: 'choice', choices: ['CMD', 'NONE', 'CONNECT'] }],
  ['LABEL', { kind: 'pairs', expand: 'word', legacy: true }],
  ['MAINTAINER', { kind: 'raw' }],
  ['ONBUILD', { kind: 'sub-instruction', refuse: ['FROM', 'MAINTAINER'] }],
  ['RUN', { kind: 'program', heredoc: true, optional: true }],
  ['SHELL', { kind: 'json', min: 1 }],
  ['STOPSIGNAL', { kind: 'raw', expand: 'word' }],
  ['USER', { kind: 'raw', expand: 'word' }],
  ['VOLUME', { kind: 'words', expand: 'word', json: true }],
  ['WORKDIR', { kind: 'raw', expand: 'word' }],
]);

/** What the parser is told of them. */
export const SYNTAX: ReadonlyMap<string, KeywordSyntax> = new Map([...DIALECT].map(([keyword, grammar]) => [keyword, syntaxOf(grammar)]));
