export { createEmbeddedBackend, type EmbeddedOptions } from './backend';
