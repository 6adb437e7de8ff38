import type { VertexNote } from './graph';

/** The instruction of a step as it is shown, without its number: `RUN make` of `[build 2/5] RUN make`. */
export function instructionText({ name }: VertexNote): string {
  return name.replace(/^\[[^\]]*\] /, '');
}
