import type { Difference } from '../image/compare-facts';

/** Differences from BuildKit that the fast way of the docker backend is known for, by name. */
export const fastDifferences: Readonly<Record<string, { readonly reason: string; readonly explains: (difference: Difference) => boolean }>> = {
  'fewer-layers': {
    reason: 'steps that share a container are one layer; the entries of all but the last say that they have none',
    explains: ({ where }) => /^layers(?:\.length|\[\d+\])$/.test(where) || /^history\[\d+\]\.empty_layer$/.test(where),
  },
  'times-of-the-build': {
    reason: 'the engine sets the time of a directory that gets something new',
    explains: ({ where, actual }) => /^tree:.*\.mtime$/.test(where) && actual === '"of the build"',
  },
  'not-in-an-engine': {
    reason: 'mounts of RUN and links of COPY are refused before anything runs, with their line',
    explains: ({ where, actual }) => where === 'result' && /^refused:[^]*the backend cannot do /.test(actual),
  },
  'hosts-and-names': {
    reason: "the engine hides an image's own /etc/hosts, /etc/hostname and /etc/resolv.conf from programs and copies, and keeps what programs do to them out of layers",
    explains: ({ where }) => /^tree:(?:.*\/)?etc\/(?:hosts|hostname|resolv\.conf)(?:\.|$)/.test(where),
  },
};

/** What no named difference explains. */
export function unexplainedByFast(differences: readonly Difference[]): readonly Difference[] {
  return differences.filter((difference) => !Object.values(fastDifferences).some(({ explains }) => explains(difference)));
}
