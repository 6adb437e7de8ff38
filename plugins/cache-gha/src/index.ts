export { ghaCache, type GhaCacheOptions } from './gha-cache';
