export { createTieredCache, type TieredOptions } from './tiered-cache';
