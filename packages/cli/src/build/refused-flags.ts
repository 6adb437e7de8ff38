import type { FlagSpecs } from '../argv/flag';

const cacheTransfer = 'builds reuse the cache of the local store only';
const limits = 'RUN has no resource limits yet';
const attestations = 'attestations are not made yet';
const noContainers = 'leave it out: strake keeps no intermediate containers';

/** What docker build and docker buildx build know and strake does not yet. Each is refused by name: nothing is ever ignored. */
export const refusedFlags = {
  attest: { type: 'list', summary: '', refused: attestations },
  builder: { type: 'string', summary: '', refused: 'choose a backend with --backend' },
  'cache-from': { type: 'list', summary: '', refused: cacheTransfer },
  'cache-to': { type: 'list', summary: '', refused: cacheTransfer },
  'cgroup-parent': { type: 'string', summary: '', refused: limits },
  compress: { type: 'boolean', summary: '', refused: 'leave it out: the context is read in place and never sent' },
  'cpu-period': { type: 'string', summary: '', refused: limits },
  'cpu-quota': { type: 'string', summary: '', refused: limits },
  'cpu-shares': { type: 'string', short: 'c', summary: '', refused: limits },
  'cpuset-cpus': { type: 'string', summary: '', refused: limits },
  'cpuset-mems': { type: 'string', summary: '', refused: limits },
  'disable-content-trust': { type: 'boolean', summary: '', refused: 'leave it out: content trust does not exist here' },
  'force-rm': { type: 'boolean', summary: '', refused: noContainers },
  isolation: { type: 'string', summary: '', refused: 'leave it out: it is for Windows containers' },
  memory: { type: 'string', short: 'm', summary: '', refused: limits },
  'memory-swap': { type: 'string', summary: '', refused: limits },
  policy: { type: 'list', summary: '', refused: 'policies are plugins that tap the graph hook' },
  provenance: { type: 'string', summary: '', refused: attestations },
  rm: { type: 'boolean', summary: '', refused: noContainers },
  sbom: { type: 'string', summary: '', refused: attestations },
  'security-opt': { type: 'list', summary: '', refused: 'RUN always has the default security options' },
  'shm-size': { type: 'string', summary: '', refused: limits },
  squash: { type: 'boolean', summary: '', refused: 'layers cannot be joined yet' },
  stream: { type: 'boolean', summary: '', refused: 'leave it out: the context is read in place and never sent' },
  ulimit: { type: 'list', summary: '', refused: limits },
} as const satisfies FlagSpecs;
