export { solve } from './solve';
export type { Solution, SolveOptions } from './solve';
export { mountRead } from './reads';
export { makeKey, opParts, parentPart } from './key';
export { LastLines } from './output/last-lines';
export { Redactor } from './output/redactor';
