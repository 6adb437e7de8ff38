import { debianDockerUnmet } from '../engines/debian-docker';
import { unmetNeed } from '../engines/need';
import { newestRootUnmet, newestVersion } from '../engines/newest-root';
import type { Builder } from './builder';
import { startBuildah } from './buildah';
import { startDebianBuilder, startNewestBuildkit } from './buildkit';

interface Candidate {
  readonly unmet: () => string | undefined;
  readonly start: () => Promise<Builder>;
}

/** Every real builder by the name that tables and reports use, best reference first. */
export const builders: Readonly<Record<string, Candidate>> = {
  buildkit: { unmet: newestRootUnmet, start: startNewestBuildkit },
  'buildkit-0.8': { unmet: debianDockerUnmet, start: () => startDebianBuilder('buildkit-0.8') },
  buildah: { unmet: () => unmetNeed({ root: true, programs: ['buildah', 'skopeo', 'runc'] }), start: startBuildah },
  classic: { unmet: debianDockerUnmet, start: () => startDebianBuilder('classic') },
};

/** The names that can stand for the language as it is today; the classic builder cannot. */
const references = ['buildkit', 'buildkit-0.8', 'buildah'] as const;

/** The best reference that can run here, or every reason why none can. */
export function chooseReference(): { readonly name: string } | { readonly unmet: string } {
  const reasons = references.map((name) => ({ name, unmet: builders[name]?.unmet() }));
  const able = reasons.find((candidate) => candidate.unmet === undefined);
  return able === undefined ? { unmet: reasons.map(({ name, unmet }) => `${name}: ${unmet}`).join('; ') } : { name: able.name };
}

/** Whose records count instead of a build by the named builder: its own version's; older builders give way to whatever the newest made. */
export function recordedBuilder(name: string): string | undefined {
  return name === 'buildkit' ? `buildkit ${newestVersion()}` : undefined;
}

/** Starts a builder by name. */
export function startBuilder(name: string): Promise<Builder> {
  const candidate = builders[name];
  if (candidate === undefined) throw new Error(`no builder "${name}"; there are ${Object.keys(builders).join(', ')}`);
  return candidate.start();
}
