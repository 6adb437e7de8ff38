import { DockerfileError, type HeredocNode, type SourceRange } from '@strake/api';
import { LexerError } from '../expand/word-lexer';
import { heredocWords, type HeredocWord } from './heredoc-word';
import type { SourceLines } from './source-lines';
import { trimNewline } from './whitespace';

/** Reads the here-documents that a line asks for. Throws DOCKERFILE_SYNTAX at `range` for one that does not end. */
export function readHeredocs(lines: SourceLines, line: string, range: SourceRange): readonly HeredocNode[] {
  return wordsOrError(line, range).map((word) => {
    const node = readBody(lines, word);
    if (node !== undefined) return node;
    const hint = `end it with a line that is exactly ${word.name}`;
    throw new DockerfileError('DOCKERFILE_SYNTAX', 'unterminated heredoc', { range, hint });
  });
}

/** The same for a keyword that nobody has declared: `<<WORD` is only a here-document where all of them end. */
export function guessHeredocs(lines: SourceLines, line: string): readonly HeredocNode[] {
  let words: readonly HeredocWord[];
  try {
    words = heredocWords(line);
  } catch (error) {
    if (error instanceof LexerError) return [];
    throw error;
  }
  let after: number | undefined = lines.line;
  for (const word of words) after = after === undefined ? undefined : lines.find(word.name, after, word.chomp);
  return after === undefined ? [] : words.flatMap((word) => readBody(lines, word) ?? []);
}

function wordsOrError(line: string, range: SourceRange): readonly HeredocWord[] {
  try {
    return heredocWords(line);
  } catch (error) {
    if (error instanceof LexerError) throw new DockerfileError('DOCKERFILE_SYNTAX', error.message, { range });
    throw error;
  }
}

function readBody(lines: SourceLines, word: HeredocWord): HeredocNode | undefined {
  const first = lines.line + 1;
  const body: string[] = [];
  const written: string[] = [];
  for (let raw = lines.next(); raw !== undefined; raw = lines.next()) {
    const line = word.chomp ? raw.replace(/^\t+/, '') : raw;
    if (trimNewline(line) === word.name) {
      const range = { file: lines.file, start: { line: first, column: 1 }, end: lines.endOf(lines.line) };
      const [content, raw] = [body.join(''), written.join('')];
      return { ...word, content, ...(raw === content ? {} : { raw }), range };
    }
    body.push(line);
    written.push(raw);
  }
  return undefined;
}
