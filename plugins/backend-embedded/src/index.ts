export { createEmbeddedBackend, type EmbeddedOptions } from './backend';
export { endPrograms } from './end-programs';
