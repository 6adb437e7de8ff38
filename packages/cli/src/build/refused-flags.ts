import type { FlagSpecs } from '../argv/flag';

const attestations = 'attestations are not made yet';
const noContainers = 'leave it out: strake keeps no intermediate containers';

/** What docker build and docker buildx build know and strake does not yet. Each is refused by name: nothing is ever ignored. */
export const refusedFlags = {
  attest: { type: 'list', summary: '', refused: attestations },
  builder: { type: 'string', summary: '', refused: 'choose a backend with --backend' },
  compress: { type: 'boolean', summary: '', refused: 'leave it out: the context is read in place and never sent' },
  'disable-content-trust': { type: 'boolean', summary: '', refused: 'leave it out: content trust does not exist here' },
  'force-rm': { type: 'boolean', summary: '', refused: noContainers },
  isolation: { type: 'string', summary: '', refused: 'leave it out, or use --backend-opt isolation=VALUE with --backend docker: it is for Windows containers' },
  policy: { type: 'list', summary: '', refused: 'policies are plugins that tap the graph hook' },
  provenance: { type: 'string', summary: '', refused: attestations },
  rm: { type: 'boolean', summary: '', refused: noContainers },
  sbom: { type: 'string', summary: '', refused: attestations },
  'security-opt': { type: 'list', summary: '', refused: 'use --backend-opt security-opt=VALUE with --backend docker; elsewhere RUN has the default security options' },
  stream: { type: 'boolean', summary: '', refused: 'leave it out: the context is read in place and never sent' },
} as const satisfies FlagSpecs;
