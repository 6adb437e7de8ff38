export { solve } from './solve';
export type { Solution, SolveOptions } from './solve';
export { makeKey, opParts, parentPart } from './key';
