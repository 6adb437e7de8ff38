export { createPlugin, KINDS, CreateError, type CreatedPlugin, type CreateOptions, type PluginKind } from './create-plugin';
export { main } from './main';
