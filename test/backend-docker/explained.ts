import type { CaseResult } from '../differential/build-case';
import type { Difference } from '../image/compare-facts';

/** Differences from BuildKit that the fast way of the docker backend is known for, by name. */
export const fastDifferences: Readonly<Record<string, { readonly reason: string; /** Only these cases; absent: every one. */ readonly cases?: readonly string[]; readonly explains: (difference: Difference) => boolean }>> = {
  'fewer-layers': {
    reason: 'steps that share a container are one layer; the entries of all but the last say that they have none',
    explains: ({ where }) => /^layers(?:\.length|\[\d+\])$/.test(where) || /^history\[\d+\]\.empty_layer$/.test(where),
  },
  'times-of-the-build': {
    reason: 'the engine sets the time of a directory that gets something new',
    explains: ({ where, actual }) => /^tree:.*\.mtime$/.test(where) && actual === '"of the build"',
  },
  'hosts-not-mounted-on': {
    reason: "the engine mounts its own file there",
    cases: ['mount-etc-hosts'],
    explains: ({ where, actual }) => where === 'result' && /^refused:\nDockerfile(?::\d+){1,2}: the backend cannot do RUN --mount at \/etc\/hosts, where the engine has a file of its own\n/.test(actual),
  },
  'hosts-not-copied': {
    reason: "what leads to an image's own /etc/hostname leads nowhere, and lists of its files lack it",
    cases: ['copy-from-image', 'mount-bind-from-image'],
    explains: ({ where, actual }) => (where === 'result' && /^refused:\nDockerfile:4:46: "var\/absolute": not found\n/.test(actual)) || /^tree:out\.(?:sha256|size)$/.test(where),
  },
  'secrets-are-links': {
    reason: 'an engine mounts no single file: at the place of a secret is a symbolic link to it, in memory',
    cases: ['mount-secret'],
    explains: ({ where }) => /^tree:out[234]?\.(?:sha256|size)$/.test(where),
  },
  'hard-links-between-steps': {
    reason: 'a hard link that one step has made is still one file in the next, which BuildKit breaks between layers',
    cases: ['run-links'],
    explains: ({ where }) => /^tree:(?:a|b|e|d\/c)\./.test(where),
  },
  'hosts-and-names': {
    reason: "the engine hides an image's own /etc/hosts, /etc/hostname and /etc/resolv.conf from programs and copies, and keeps what programs do to them out of layers",
    explains: ({ where }) => /^tree:(?:.*\/)?etc\/(?:hosts|hostname|resolv\.conf)(?:\.|$)/.test(where),
  },
};

/** What no named difference explains. */
export function unexplainedByFast(name: string, differences: readonly Difference[]): readonly Difference[] {
  return differences.filter((difference) => !Object.values(fastDifferences).some(({ cases, explains }) => (cases?.includes(name) ?? true) && explains(difference)));
}

/** What was built, but for the entries of layers that only remove what the engine has made to mount on: BuildKit has no such layers. */
export function withoutOwnLayers(result: CaseResult): CaseResult {
  if (result.kind !== 'built') return result;
  return { ...result, facts: { ...result.facts, history: result.facts.history.filter(({ created_by: text }) => text !== 'strake: places of mounts removed') } };
}
