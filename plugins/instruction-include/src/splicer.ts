import { DockerfileError, rangeOf, StrakeError, type ContextFile, type Diagnostic, type Dockerfile, type FileReader, type InstructionNode, type SourceRange } from '@strake/api';
import { argumentsOf, pathOf, pathProblem } from './include-arguments';

/** More includes than any file written by people has: files that include others twice grow without an end that anybody would wait for. */
const MOST_FILES = 1000;

/** A file that is being spliced: how it came in, outermost first, and the context that its own includes are of. */
interface Open {
  readonly chain: readonly string[];
  readonly context: string | undefined;
  readonly escape: Dockerfile['escape'];
}

/** Puts files into one Dockerfile. For one Dockerfile. */
export class Splicer {
  readonly #main: Dockerfile;
  readonly #files: FileReader;
  readonly #texts: Record<string, string> = {};
  readonly #warnings: Diagnostic[] = [];
  #count = 0;

  constructor(main: Dockerfile, files: FileReader) {
    this.#main = main;
    this.#files = files;
  }

  /** The file with everything that it includes. Throws a `StrakeError` at the INCLUDE that cannot be. */
  async run(): Promise<Dockerfile> {
    if (!this.#main.instructions.some(isInclude)) return this.#main;
    const instructions = await this.#spliced(this.#main.instructions, { chain: [this.#main.file], context: undefined, escape: this.#main.escape });
    return { ...this.#main, instructions, warnings: [...this.#main.warnings, ...this.#warnings], included: { ...this.#main.included, ...this.#texts } };
  }

  async #spliced(nodes: readonly InstructionNode[], open: Open): Promise<readonly InstructionNode[]> {
    const spliced: InstructionNode[] = [];
    for (const node of nodes) {
      if (node.keyword === 'INCLUDE') spliced.push(...(await this.#include(node, open)));
      else if (isInclude(node)) throw new DockerfileError('INVALID_ARGUMENTS', 'INCLUDE cannot stand in a trigger', { range: node.range, hint: 'write ONBUILD before the instructions themselves' });
      else spliced.push(open.escape === this.#main.escape ? node : { ...node, escape: open.escape });
    }
    return spliced;
  }

  async #include(node: InstructionNode, { chain, context, escape }: Open): Promise<readonly InstructionNode[]> {
    const { from = context } = this.#files.typed(node).flags as { readonly from?: string };
    const range = pathRange(node);
    const problem = pathProblem(node.text);
    if (problem !== undefined) throw new DockerfileError('INVALID_ARGUMENTS', problem.message, { range, ...(problem.hint === undefined ? {} : { hint: problem.hint }) });
    this.#refuseTooMany(range);
    const file = await at(range, () => this.#files.read(pathOf(node), from));
    if (chain.includes(file.name)) throw new DockerfileError('INVALID_ARGUMENTS', `files include each other: ${[...chain, file.name].join(' → ')}`, { range, hint: 'remove one of the includes' });
    const parsed = await fromInclude(node, async () => this.#parse(file));
    const inner = { chain: [...chain, file.name], context: from, escape: parsed.escape };
    const given = argumentsOf(node);
    const body = await fromInclude(node, () => this.#spliced(parsed.instructions, inner));
    return [...(given === undefined ? [] : [escape === this.#main.escape ? given : { ...given, escape }]), ...body];
  }

  #parse(file: ContextFile): Dockerfile {
    const parsed = this.#files.parse(file);
    if (this.#texts[file.name] === undefined) this.#warnings.push(...parsed.warnings, ...this.#unusedDirectives(parsed));
    this.#texts[file.name] = file.text;
    return parsed;
  }

  /** Its escape character counts for the file; what else its directives say is about a whole build. */
  #unusedDirectives({ directives }: Dockerfile): readonly Diagnostic[] {
    const same = (key: string, value: string) => this.#main.directives.some((directive) => directive.key === key && directive.value === value);
    return directives.filter(({ key, value, ignored }) => key !== 'escape' && ignored !== true && !same(key, value)).map(({ key, range }) => ({
      code: 'IgnoredDirective', severity: 'warning', message: `${key} has no effect in an included file`, range, hint: 'write it into the Dockerfile that is built',
    }));
  }

  #refuseTooMany(range: SourceRange): void {
    this.#count += 1;
    if (this.#count > MOST_FILES) throw new DockerfileError('INVALID_ARGUMENTS', `more than ${MOST_FILES} files are included`, { range });
  }
}

/** An INCLUDE, or a trigger that is one. */
function isInclude({ keyword, text }: InstructionNode): boolean {
  return keyword === 'INCLUDE' || (keyword === 'ONBUILD' && /^include(?:\s|$)/i.test(text));
}

function pathRange(node: InstructionNode): SourceRange {
  const path = pathOf(node);
  return path === '' ? node.range : rangeOf(node.range.file, node.segments, 0, path.length);
}

/** An error without a place gets that of the path. */
async function at<T>(range: SourceRange, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StrakeError) error.range ??= range;
    throw error;
  }
}

/** Errors of an included file say by which way it came in. */
async function fromInclude<T>({ range }: InstructionNode, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StrakeError) error.notes = [...error.notes, `included from ${range.file}:${range.start.line}`];
    throw error;
  }
}
