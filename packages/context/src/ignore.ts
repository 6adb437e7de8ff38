import type { IgnoreFacts } from '@strake/api';
import { cleanPath } from './clean-path';
import { compileGoPattern } from './go-match';
import { compilePatterns, parseIgnoreFile, type CompiledRule, type IgnoreRule } from './ignore-file';

/** What an ignore file says about one path. `rule` is the rule that hides it, or the negation that shows it again. */
export interface IgnoreVerdict {
  readonly ignored: boolean;
  readonly rule?: IgnoreRule;
  /** The indices of the rules that have matched so far: hand it to the children. */
  readonly matched: readonly number[];
}

/** Of most paths: one object for all of them. */
const UNTOUCHED: IgnoreVerdict = { ignored: false, matched: [] };

/** The patterns of an ignore file in order. The last one that matches a path or one of its parents decides. */
export class Ignore implements IgnoreFacts {
  readonly file: string;
  private readonly rules: readonly CompiledRule[];

  constructor(text: string | readonly CompiledRule[], file: string) {
    this.file = file;
    this.rules = typeof text === 'string' ? parseIgnoreFile(text, file) : text;
  }

  /** The patterns of a flag; `name` stands for them in messages. Throws INVALID_FLAG. */
  static ofPatterns(patterns: readonly string[], name: string): Ignore {
    return new Ignore(compilePatterns(patterns, name), name);
  }

  /** What becomes of a slash-separated path below the context's root. The root itself cannot be ignored. */
  match(path: string): Omit<IgnoreVerdict, 'matched'> {
    const clean = cleanPath(path);
    if (clean === '.') return { ignored: false };
    let verdict: IgnoreVerdict | undefined;
    const components = clean.split('/');
    for (let count = 1; count <= components.length; count++) {
      verdict = this.step(components.slice(0, count).join('/'), verdict);
    }
    return { ignored: verdict?.ignored ?? false, ...(verdict?.rule && { rule: verdict.rule }) };
  }

  get patterns(): readonly string[] {
    return this.rules.map(({ pattern }) => pattern);
  }

  ignores(path: string): boolean {
    return this.match(path).ignored;
  }

  /** One step of a walk: the verdict for a path whose parent got `parent`. */
  step(path: string, parent?: IgnoreVerdict): IgnoreVerdict {
    let ignored = false;
    let rule: IgnoreRule | undefined;
    let matched: number[] | undefined;
    for (let index = 0; index < this.rules.length; index++) {
      const candidate = this.rules[index] as CompiledRule;
      // A rule that could not change the verdict is not asked, and then its children do not inherit it: the reference does the same.
      const match = parent?.matched.includes(index) === true || (candidate.negated === ignored && candidate.matches(path));
      if (!match) continue;
      [ignored, rule] = [!candidate.negated, candidate];
      (matched ??= []).push(index);
    }
    return matched === undefined || rule === undefined ? UNTOUCHED : { ignored, matched, rule };
  }

  /** Whether a negation may show something below an ignored directory; if not, it need not be read. */
  mayShowBelow(directory: string): boolean {
    return this.reaches(directory, true);
  }

  /** Whether a pattern may match something below a directory that none matches. */
  mayMatchBelow(directory: string): boolean {
    return this.reaches(directory, false);
  }

  private reaches(directory: string, negated: boolean): boolean {
    const components = directory.split('/');
    return this.rules.some((rule) => rule.negated === negated && reachesBelow(rule.components, components));
  }
}

function reachesBelow(pattern: readonly string[], directory: readonly string[]): boolean {
  for (const [index, name] of directory.entries()) {
    const component = pattern[index];
    if (component === undefined) return false;
    if (component.includes('**')) return true;
    // A class may hold a slash and so span components: such a pattern is not cut at its slashes.
    if (component.includes('[')) return true;
    if (compileGoPattern(component)?.(name) === false) return false;
  }
  return pattern.length > directory.length;
}
