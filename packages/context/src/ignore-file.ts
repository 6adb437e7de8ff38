import { DockerfileError, type SourceRange } from '@strake/api';
import { cleanPath } from './clean-path';
import { compileGoPattern } from './go-match';
import { compileIgnorePattern, type IgnoreMatch } from './ignore-pattern';

/** One pattern of an ignore file, for messages: which line hides (or shows) a path. */
export interface IgnoreRule {
  /** Cleaned; with its `!`. */
  readonly pattern: string;
  /** From 1. */
  readonly line: number;
  readonly file: string;
}

/** A rule made ready. */
export interface CompiledRule extends IgnoreRule {
  readonly negated: boolean;
  readonly matches: IgnoreMatch;
  /** The pattern's components without `!`: tells whether it may reach into a directory. */
  readonly components: readonly string[];
}

/**
 * Reads an ignore file: comments begin with `#` in the first column, blanks around a pattern and a leading slash mean nothing.
 * Throws CONTEXT_INVALID with the line of a malformed pattern.
 */
export function parseIgnoreFile(text: string, file: string): readonly CompiledRule[] {
  const rules: CompiledRule[] = [];
  for (const [index, raw] of text.replace(/^\ufeff/, '').split('\n').entries()) {
    const written = raw.trim();
    if (raw.startsWith('#') || written === '') continue;
    rules.push(compileRule(written, { file, line: index + 1, length: raw.length }));
  }
  return rules;
}

/**
 * Makes the patterns of a flag ready: no comments, and a leading slash is a part of the pattern, as in moby/patternmatcher.
 * `file` names the flag in messages. Throws INVALID_FLAG for a malformed pattern.
 */
export function compilePatterns(patterns: readonly string[], file: string): readonly CompiledRule[] {
  return patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== '').map((written) => {
    const clean = cleanPath(written);
    const negated = clean.startsWith('!');
    const bare = negated ? clean.slice(1) : clean;
    const matches = bare === '' ? undefined : compileGoPattern(bare) && compileIgnorePattern(bare);
    if (matches === undefined) throw new DockerfileError('INVALID_FLAG', `syntax error in pattern "${written}"`, { at: file.startsWith('--exclude') ? 'exclude' : written, hint: PATTERN_HINT });
    return { pattern: clean, line: 0, file, negated, matches, components: bare.split('/') };
  });
}

const PATTERN_HINT = 'a pattern may use * ? [a-z] [^a-z] and **; write \\ before a character that means itself';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly length: number;
}

function compileRule(written: string, place: Place): CompiledRule {
  const negated = written.startsWith('!');
  const bare = negated ? written.slice(1).trim() : written;
  if (bare === '') throw malformed('illegal exclusion pattern: "!"', place);
  const clean = cleanPath(bare);
  const pattern = clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
  const matches = compileGoPattern(pattern) && compileIgnorePattern(pattern);
  if (matches === undefined) throw malformed(`syntax error in pattern "${written}"`, place);
  return { pattern: negated ? `!${pattern}` : pattern, line: place.line, file: place.file, negated, matches, components: pattern.split('/') };
}

function malformed(message: string, { file, line, length }: Place): DockerfileError {
  const range: SourceRange = { file, start: { line, column: 1 }, end: { line, column: length + 1 } };
  return new DockerfileError('CONTEXT_INVALID', `${file}:${line}: ${message}`, {
    range,
    hint: PATTERN_HINT,
  });
}
