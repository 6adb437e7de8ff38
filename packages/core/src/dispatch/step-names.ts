import { namesSecret } from '@strake/api';
import type { AnyInstructionDefinition, Digest, InstructionNode, StageView, VertexNote } from '@strake/api';
import { expandWord } from '../expand/expand-word';
import { isHeredocWord } from '../parser/heredoc-word';
import type { GraphBuilder } from './graph-builder';
import { variablesOf } from './stage-state';

/** Names the steps of one stage as BuildKit does, `[build 2/5] RUN make`: the count is known when the last one is. */
export class StepNames {
  private readonly steps: { readonly digest: Digest; readonly note: VertexNote; readonly platform: string }[] = [];

  /** `stage` is empty for the only stage of a file. */
  constructor(private readonly graph: GraphBuilder, private readonly stage: string) {}

  /** The next step: a vertex with its text as name. `platform` is shown where there are several. */
  add(digest: Digest, note: VertexNote, platform = ''): void {
    this.steps.push({ digest, note, platform });
  }

  finish(): void {
    const total = this.steps.length;
    const width = String(total).length;
    const stage = this.stage === '' ? '' : `${this.stage} `;
    const told = new Map<string, number>();
    this.steps.forEach(({ digest, note, platform }, index) => {
      const occurrence = (told.get(note.name) ?? 0) + 1;
      told.set(note.name, occurrence);
      const name = `[${platform === '' ? '' : `${platform} `}${stage}${String(index + 1).padStart(width)}/${total}] ${note.name}`;
      this.graph.rename(digest, note, { ...note, name, ...(occurrence === 1 ? {} : { occurrence }) });
    });
  }
}

/** An instruction as a step's name shows it: as written, variables put in whose names do not say that they are secret; of a here-document that is a script, the first line. */
export function stepText(node: InstructionNode, definition: AnyInstructionDefinition | undefined, view: StageView, escape: '\\' | '`'): string {
  // Global build arguments are only seen by --from: what they stand for is not known here.
  const keepUnset = node.flags.some(({ name, value }) => name === 'from' && value?.includes('$'));
  const program = definition?.args.kind === 'program';
  const [, keyword = '', rest = ''] = /^(\S*)(.*)$/s.exec(node.original.trim()) ?? [];
  const text = `${keyword.toUpperCase()}${rest}${program ? summary(node) : ''}`;
  const variables = [...variablesOf(view.env)];
  const shown = variables.filter(([name]) => !namesSecret(name));
  try {
    return expandWord(text, new Map(shown), { escape, keepUnset: keepUnset || program || shown.length < variables.length, keepQuotes: program }).value;
  } catch {
    // What the shell reads need not be a word of ours.
    return text;
  }
}

function summary({ text, heredocs: [first] }: InstructionNode): string {
  if (first === undefined || !isHeredocWord(text)) return '';
  const [line = '', ...more] = first.content.trim().split(/\r?\n/);
  return ` (${line}${more.length > 0 ? '...' : ''})`;
}
