export * from './engine';
export { createDockerBackend, type DockerBackendOptions } from './backend';
export { type AskCredential } from './images/registry-auth';
