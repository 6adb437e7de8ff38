export { registryCache, type RegistryCacheParts } from './registry-cache';
