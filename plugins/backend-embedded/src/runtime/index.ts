export * from './run-spec';
export * from './find-runtime';
export { reclaimContainers } from './state-folder';
