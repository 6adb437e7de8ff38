export { createServer, type StrakeServer } from './create-server';
export type { ServerOptions } from './server-options';
export { parseAddress, type Address } from './listen/parse-address';
