export * from './run-spec';
export * from './find-runtime';
export * from './reclaim';
