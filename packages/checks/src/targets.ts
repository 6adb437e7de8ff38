import { wordsOf, type InstructionNode } from '@strake/api';
import { docComment } from './doc-comment';
import { linesOf, type Location } from './source-lines';

/** What `--call=targets,format=json` prints: BuildKit's `frontend/subrequests/targets`. */
export interface TargetList {
  readonly targets: readonly Target[];
  /** Base64. */
  readonly sources: readonly string[];
}

export interface Target {
  readonly name?: string;
  readonly default?: true;
  readonly description?: string;
  /** As written. */
  readonly base?: string;
  /** As written. */
  readonly platform?: string;
  readonly location: Location;
}

/** The stages of a file, as written; nothing is expanded. */
export function targetsOf(stages: readonly InstructionNode[], data: string): TargetList {
  return {
    targets: stages.map((node, index) => {
      const [base, , name] = wordsOf(node).map(({ text }, position) => (position === 2 ? text.toLowerCase() : text));
      const description = docComment(node, name ?? '');
      const platform = node.flags.find((flag) => flag.name === 'platform')?.value;
      return {
        ...(name === undefined ? {} : { name }),
        ...(index === stages.length - 1 ? { default: true as const } : {}),
        ...(description === '' ? {} : { description }),
        ...(base === undefined ? {} : { base }),
        ...(platform === undefined ? {} : { platform }),
        location: linesOf(node.range),
      };
    }),
    sources: [data],
  };
}
