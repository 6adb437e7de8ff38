export { loadLibrary } from './library';
export type * from './library';
