import { DockerfileError, type Diagnostic, type Directive, type Dockerfile, type HeredocNode, type InstructionNode } from '@strake/api';
import { decodeText } from './decode-text';
import { DirectiveReader, escapeOf, strayDirective } from './directives';
import { instructionNode, subInstructionOf } from './instruction-node';
import { isComment, readLogicalLine, type LogicalLine } from './logical-line';
import { guessHeredocs, readHeredocs } from './read-heredocs';
import { SourceLines } from './source-lines';
import type { KeywordSyntax, SyntaxTable } from './syntax';
import { skipSpaces, trimNewline, trimSpaces } from './whitespace';

/** How to parse a Dockerfile. */
export interface ParseOptions {
  /** The name used in positions. */
  readonly file: string;
  /** What is known of keywords; one that is missing keeps flags, words and here-documents that end. */
  readonly syntax?: SyntaxTable;
  /** Keys of parser directives to take besides `escape`, `syntax` and `check`. */
  readonly directives?: readonly string[];
}

/**
 * Parses a Dockerfile as BuildKit's frontend does. Bytes that are no UTF-8 become U+FFFD, a byte order mark is dropped.
 * Throws a `DockerfileError` with a range: DOCKERFILE_SYNTAX, or UNKNOWN_INSTRUCTION for a line of nothing but continuations.
 */
export function parseDockerfile(source: string | Buffer, options: ParseOptions): Dockerfile {
  const text = (typeof source === 'string' ? source : decodeText(source)).replace(/^\ufeff/, '');
  return new DockerfileParser(text, options).parse();
}

class DockerfileParser {
  private readonly source: string;
  private readonly options: ParseOptions;
  private readonly lines: SourceLines;
  private readonly directives: DirectiveReader;
  private readonly instructions: InstructionNode[] = [];
  private readonly warnings: Diagnostic[] = [];
  private comments: string[] = [];
  private escape: '\\' | '`' = '\\';

  constructor(source: string, options: ParseOptions) {
    this.source = source;
    this.options = options;
    this.lines = new SourceLines(options.file, source);
    this.directives = new DirectiveReader(options.file, options.directives);
  }

  parse(): Dockerfile {
    for (let raw = this.lines.next(); raw !== undefined; raw = this.lines.next()) this.readLine(trimNewline(raw));
    if (this.instructions.length === 0) this.refuseEmpty();
    this.warnOfCharacters();
    const { source, escape, instructions, warnings } = this;
    return { file: this.options.file, source, escape, directives: this.directives.found, instructions, warnings };
  }

  private readLine(text: string): void {
    const directive = this.directives.read(text, this.lines.line);
    if (directive !== undefined) {
      if (directive.ignored) this.warnOfEscape(directive);
      else if (directive.key === 'escape') this.escape = escapeOf(directive);
    } else if (isComment(text)) this.readComment(text);
    else if (skipSpaces(text) < text.length) this.readInstruction(text);
  }

  /** Empty lines leave the comments above them alone, empty comments do not: the reference's rule. */
  private readComment(text: string): void {
    if (this.instructions.length === 0) this.warnOfStray(text);
    const comment = trimSpaces(text.slice(skipSpaces(text) + 1));
    if (comment === '') this.comments = [];
    else if (this.lines.line > 1 || !text.startsWith('#!')) this.comments.push(comment);
  }

  private readInstruction(first: string): void {
    const line = readLogicalLine(this.lines, first, this.escape);
    if (line.emptyLine !== undefined) this.warnOfEmptyLine(line.emptyLine, line);
    const around = { file: this.options.file, escape: this.escape, comments: this.comments };
    const node = instructionNode(line, around);
    if (node.keyword === '') this.refuseNothing(line);
    const heredocs = this.heredocsOf(node);
    const end = heredocs.at(-1)?.range.end;
    this.instructions.push({ ...node, heredocs, range: { ...node.range, end: end ?? this.lines.endOf(line.endLine) } });
    this.comments = [];
  }

  private heredocsOf(node: InstructionNode): readonly HeredocNode[] {
    const syntax = this.options.syntax?.get(node.keyword);
    if (syntax?.sub !== true) return this.heredocsBy(syntax, node, node.original);
    const inner = subInstructionOf(node, this.escape);
    const innerSyntax = this.options.syntax?.get(inner.keyword);
    // One level only: an instruction in an instruction in an instruction has none.
    return innerSyntax?.sub === true ? [] : this.heredocsBy(innerSyntax, inner, node.original);
  }

  private heredocsBy(syntax: KeywordSyntax | undefined, { json, range }: InstructionNode, line: string): readonly HeredocNode[] {
    if (json !== undefined || syntax?.heredocs === false || !line.includes('<<')) return [];
    return syntax === undefined ? guessHeredocs(this.lines, line) : readHeredocs(this.lines, line, range);
  }

  /** From the empty line to the last one of the instruction's joined lines, where the reference reports it. */
  private warnOfEmptyLine(line: number, { text, endLine }: LogicalLine): void {
    const range = { file: this.options.file, start: { line, column: 1 }, end: this.lines.endOf(endLine) };
    const hint = 'Empty continuation lines will become errors in a future release';
    this.warnings.push({ code: 'NoEmptyContinuation', severity: 'warning', message: `Empty continuation line found in: ${text}`, range, hint });
  }

  private warnOfStray(text: string): void {
    const stray = strayDirective(text, this.directives.keys);
    const { line } = this.lines;
    const range = { file: this.options.file, start: { line, column: skipSpaces(text) + 1 }, end: this.lines.endOf(line) };
    if (stray !== undefined) this.warnings.push({ code: 'IgnoredDirective', severity: 'warning', ...stray, range });
  }

  private warnOfEscape({ range }: Directive): void {
    const hint = 'remove the first line, or do without the directive';
    this.warnings.push({ code: 'IgnoredDirective', severity: 'warning', message: 'escape has no effect below a #! line', range, hint });
  }

  private warnOfCharacters(): void {
    const at = this.source.indexOf('\ufffd');
    if (at < 0) return;
    const before = this.source.slice(0, at).split('\n');
    const start = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
    const range = { file: this.options.file, start, end: { ...start, column: start.column + 1 } };
    this.warnings.push({ code: 'InvalidCharacter', severity: 'warning', message: 'this is not a character of UTF-8', range, hint: 'save the file as UTF-8' });
  }

  private refuseNothing(line: LogicalLine): never {
    const start = line.segments[0]?.position ?? { line: 1, column: 1 };
    const range = { file: this.options.file, start, end: this.lines.endOf(start.line) };
    throw new DockerfileError('UNKNOWN_INSTRUCTION', 'no instruction on the continued line', { range, hint: 'remove the escape character' });
  }

  private refuseEmpty(): never {
    const message = trimSpaces(this.source) === '' ? 'file with no instructions: it is empty' : 'file with no instructions';
    const end = this.lines.endOf(this.lines.line);
    const range = { file: this.options.file, start: { line: end.line, column: 1 }, end };
    throw new DockerfileError('DOCKERFILE_SYNTAX', message, { range });
  }
}
