export * from './digest';
export * from './store';
