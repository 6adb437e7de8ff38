export { localCache } from './local-cache';
