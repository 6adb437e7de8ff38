import type { FlagSpecs } from '../argv/flag';

/** Flags that every command takes, before or after its name. */
export const globalFlags = {
  backend: { type: 'string', placeholder: 'string', summary: 'Backend that does the work', default: '"embedded"', complete: ['embedded', 'docker', 'simulator'] },
  'backend-opt': { type: 'list', placeholder: 'key=value', summary: 'Option of the backend (docker: host, context, tls, network, security-opt, isolation)' },
  config: { type: 'string', placeholder: 'string', summary: 'Configuration file', default: '"strake.config.{ts,js,json}"', complete: 'file' },
  help: { type: 'boolean', short: 'h', summary: 'Print usage' },
  store: { type: 'string', placeholder: 'string', summary: 'Folder of the image store', default: '$STRAKE_STORE', complete: 'directory' },
} as const satisfies FlagSpecs;
