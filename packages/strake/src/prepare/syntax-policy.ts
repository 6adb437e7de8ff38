import { DockerfileError, type Diagnostic, type Plugin, type SourceRange } from '@strake/api';
import { detectSyntax, type Instructions } from '@strake/core';

/** What to do with files that ask for a frontend (`# syntax=`). The first rule that matches decides. */
export interface SyntaxRule {
  /** An image's reference as it is written; `*` stands for any text. */
  readonly image: string;
  /** Nothing at all; an error; or plugins that are registered after all others, for such files only. */
  readonly use: 'ignore' | 'refuse' | readonly Plugin[];
}

/** What a file's frontend means for its build. */
export interface ChosenSyntax {
  readonly instructions: Instructions;
  readonly warnings: readonly Diagnostic[];
}

/** The policy for frontends: rules of the configuration, then what is known of Docker's own. */
export class SyntaxPolicy {
  readonly #made = new Map<SyntaxRule, Instructions>();

  /** `standard` are the instructions of any file; `make` registers further plugins on top of the same ones. */
  constructor(
    private readonly rules: readonly SyntaxRule[],
    private readonly standard: Instructions,
    private readonly make: (plugins: readonly Plugin[]) => Instructions,
  ) {}

  /** Chooses by a file's text; a build argument `BUILDKIT_SYNTAX` goes before what the text says. Throws UNSUPPORTED. */
  choose(text: string, file: string, override: string | undefined): ChosenSyntax {
    const found = detectSyntax(text);
    const image = override?.trim().split(' ', 1)[0] || found?.image;
    if (image === undefined) return { instructions: this.standard, warnings: [] };
    const range = override || found === undefined ? undefined : lineRange(text, file, found.line);
    const rule = this.rules.find((each) => matches(each.image, image));
    if (rule?.use === 'refuse') throw refusal(`the frontend ${image} is refused by the configuration`, 'remove the line, or change the rule in "syntax"', range);
    if (rule !== undefined && rule.use !== 'ignore') return { instructions: this.withPlugins(rule, rule.use), warnings: [] };
    if (found !== undefined && found.form !== '#') {
      throw refusal(`this file is for the frontend ${image}: it is no Dockerfile`, 'map the frontend to plugins that read such files, in "syntax" of the configuration', range);
    }
    return { instructions: this.standard, warnings: rule === undefined ? warningsOf(image, range) : [] };
  }

  private withPlugins(rule: SyntaxRule, plugins: readonly Plugin[]): Instructions {
    const made = this.#made.get(rule) ?? this.make(plugins);
    this.#made.set(rule, made);
    return made;
  }
}

function warningsOf(image: string, range: SourceRange | undefined): readonly Diagnostic[] {
  const isDocker = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(image);
  const place = range === undefined ? {} : { range };
  if (!isDocker) {
    const hint = 'map it to plugins or ignore it, in "syntax" of the configuration';
    return [{ code: 'UnknownSyntax', severity: 'warning', message: `the frontend ${image} is not used: the file is read as a Dockerfile`, hint, ...place }];
  }
  if (!/labs(?:@|$)/.test(image)) return [];
  return [{ code: 'LabsSyntax', severity: 'warning', message: `${image} is the labs channel: what only it has may be refused`, hint: 'use docker/dockerfile:1 where that is enough', ...place }];
}

function matches(pattern: string, image: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('.*');
  return new RegExp(`^${source}$`).test(image);
}

function refusal(message: string, hint: string, range: SourceRange | undefined): DockerfileError {
  return new DockerfileError('UNSUPPORTED', message, { hint, ...(range === undefined ? {} : { range }) });
}

function lineRange(text: string, file: string, line: number): SourceRange {
  const written = text.split('\n', line)[line - 1] ?? '';
  return { file, start: { line, column: 1 }, end: { line, column: written.trimEnd().length + 1 } };
}
