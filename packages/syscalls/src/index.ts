export * from './mount';
export * from './xattr';
export * from './node';
export * from './times';
export * from './lock';
export * from './pipe';
export * from './umask';
export * from './peer';
export type { Path } from './path';
