import { DockerfileError, type Position } from '@strake/api';
import { trimNewline } from './whitespace';

/** The longest physical line, in bytes without its line feed: what the reference's scanner takes. */
export const LONGEST_LINE = 65535;

/** Reads a source one physical line at a time. Line numbers count from 1. */
export class SourceLines {
  readonly file: string;
  private readonly lines: readonly string[];
  private index = 0;
  private terminators: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(file: string, source: string) {
    this.file = file;
    this.lines = source.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  }

  /** The number of the line that `next` has given last; 0 before the first. */
  get line(): number {
    return this.index;
  }

  /** The next line with its line ending, or undefined. Throws DOCKERFILE_SYNTAX when it is too long. */
  next(): string | undefined {
    const line = this.lines[this.index];
    if (line === undefined) return undefined;
    this.index += 1;
    if (line.length > LONGEST_LINE / 3 && Buffer.byteLength(line) - (line.endsWith('\n') ? 1 : 0) > LONGEST_LINE) {
      const range = { file: this.file, start: { line: this.index, column: 1 }, end: this.endOf(this.index) };
      const hint = 'break the line with the escape character at its end';
      throw new DockerfileError('DOCKERFILE_SYNTAX', `dockerfile line greater than max allowed size of ${LONGEST_LINE}`, { range, hint });
    }
    return line;
  }

  /** Just past the last character of a line, its line ending left out. */
  endOf(line: number): Position {
    return { line: Math.max(line, 1), column: trimNewline(this.lines[line - 1] ?? '').length + 1 };
  }

  /** The first line after `after` that is exactly `text` once its line ending (and tabs at its start) are gone. */
  find(text: string, after: number, chomp: boolean): number | undefined {
    this.terminators ??= this.indexTerminators();
    const numbers = this.terminators.get(`${chomp ? '\t' : ' '}${text}`) ?? [];
    let low = 0;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[middle] as number) > after) high = middle;
      else low = middle + 1;
    }
    return numbers[low];
  }

  /** Looking for each terminator line by line would take squared time on a file of nothing but here-documents. */
  private indexTerminators(): ReadonlyMap<string, readonly number[]> {
    const index = new Map<string, number[]>();
    const put = (key: string, line: number): void => {
      const numbers = index.get(key);
      if (numbers === undefined) index.set(key, [line]);
      else numbers.push(line);
    };
    this.lines.forEach((line, at) => {
      const text = trimNewline(line);
      put(` ${text}`, at + 1);
      put(`\t${text.replace(/^\t+/, '')}`, at + 1);
    });
    return index;
  }
}
