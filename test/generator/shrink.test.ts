import { growBrokenBuild } from './break-build';
import { describeBuild, dockerfileOf, type GeneratedBuild } from './generated-build';
import { growBuild } from './grow-build';
import { shrink } from './shrink';

const build: GeneratedBuild = {
  pieces: ['FROM scratch', 'ENV A=1', 'LABEL keep=yes and=more', 'ENV B=2', 'CMD x'],
  files: [{ path: 'a', kind: 'file', content: 'x', mode: 0o644 }, { path: 'b', kind: 'file', content: 'y', mode: 0o644 }],
  ignore: ['c'], target: 'x', buildArgs: { A: '1' }, labels: { l: '1' },
};

it('shrinks to what the failure needs', async () => {
  const small = await shrink(build, async (smaller) => dockerfileOf(smaller).includes('keep=yes') && smaller.files.some(({ path }) => path === 'b'), 500);
  expect(small).toEqual({ pieces: ['keep=yes'], files: [build.files[1]], ignore: [], buildArgs: {}, labels: {} });
});

it('asks no more often than it may, and keeps what it cannot shrink', async () => {
  let asked = 0;
  expect(await shrink(build, async () => ((asked += 1), false), 7)).toBe(build);
  expect(asked).toBe(7);
});

it('makes the same build of the same seed, and others of others', () => {
  const texts = Array.from({ length: 50 }, (_, seed) => describeBuild(growBuild(seed)));
  expect(Array.from({ length: 50 }, (_, seed) => describeBuild(growBuild(seed)))).toEqual(texts);
  expect(new Set(texts).size).toBe(50);
  expect(describeBuild(growBrokenBuild(3))).toBe(describeBuild(growBrokenBuild(3)));
});

it('uses every instruction', () => {
  const text = Array.from({ length: 300 }, (_, seed) => dockerfileOf(growBuild(seed))).join('\n');
  const keywords = ['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'];
  expect(keywords.filter((keyword) => !new RegExp(`^${keyword} `, 'm').test(text))).toEqual([]);
});
