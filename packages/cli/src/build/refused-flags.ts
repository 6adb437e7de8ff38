import type { FlagSpecs } from '../argv/flag';

const attestations = 'attestations are not made yet';

/** What docker build and docker buildx build know and strake does not yet. Each is refused by name: nothing is ever ignored. */
export const refusedFlags = {
  attest: { type: 'list', summary: '', refused: attestations },
  builder: { type: 'string', summary: '', refused: 'choose a backend with --backend' },
  compress: { type: 'boolean', summary: '', refused: 'leave it out: the context is read in place and never sent' },
  'disable-content-trust': { type: 'boolean', summary: '', refused: 'leave it out: content trust does not exist here' },
  policy: { type: 'list', summary: '', refused: 'policies are plugins that tap the graph hook' },
  provenance: { type: 'string', summary: '', refused: attestations },
  sbom: { type: 'string', summary: '', refused: attestations },
  stream: { type: 'boolean', summary: '', refused: 'leave it out: the context is read in place and never sent' },
} as const satisfies FlagSpecs;
