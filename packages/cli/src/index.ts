export { exitCodes } from './exit-codes';
export type { Library } from './library';
export { main } from './main';
export { run, type RunOptions } from './run';
export type { Terminal } from './terminal';
