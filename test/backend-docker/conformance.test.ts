import { baseImages } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { compareResults } from '../differential/compare-results';
import { listCases } from '../differential/cases';
import { unexplained } from '../differential/intended';
import { LookAhead } from '../differential/look-ahead';
import { RecordedResults } from '../differential/recorded-results';
import { runCase } from '../differential/run-case';
import { debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { suite } from '../engines/suite';
import { unexplainedByFast, withoutOwnLayers } from './explained';
import { startStrakeDocker } from './strake-docker';

/** Some of each kind. */
const cases: readonly string[] = [
  'add-tar', 'add-tar-chown', 'add-tar-over', 'add-tar-xz', 'add-archive-onto', 'app-node', 'app-python', 'arg-env-shadow', 'arg-scope', 'cmd-forms', 'copy-chmod', 'copy-chmod-symbolic', 'copy-chown', 'copy-chown-arg',
  'copy-dest-kinds', 'copy-dir', 'copy-empty-dirs', 'copy-exclude-globs', 'copy-file', 'copy-file-to-scratch', 'copy-from-globs', 'copy-from-keeps', 'copy-link-from', 'copy-link-heredoc', 'copy-link-modes', 'copy-link-onto-link', 'copy-globs', 'copy-onto-dangling', 'copy-onto-link', 'copy-owner-from-stage',
  'copy-owner-scratch', 'copy-owner-unknown', 'copy-source-hard-links', 'copy-source-links', 'copy-source-modes', 'copy-special', 'entrypoint-shell', 'env-forms', 'from-config-base', 'from-layers', 'from-scratch', 'healthcheck',
  'heredoc-copy', 'heredoc-run', 'heredoc-shebang', 'ignore-except', 'kitchen-sink', 'layers-deleted-in-between', 'layers-opaque-twice', 'layers-whiteout-file', 'many-to-file', 'meta-scratch-env', 'mount-bind-links', 'mount-bind-write', 'mount-cache-owner', 'mount-cache-sharing', 'mount-nested', 'mount-points-removed', 'mount-secret-env', 'mount-ssh', 'mount-user', 'onbuild', 'platform-args', 'run-exec-form', 'run-home', 'run-modes', 'run-remove',
  'shell', 'stages-copy-chain', 'stages-diamond', 'stages-from-image', 'stages-target', 'tree-odd-names', 'tree-times', 'user', 'user-groups', 'volume', 'workdir', 'workdir-link', 'workdir-user',
];

/** `STRAKE_TEST_ENGINE_CASES=all` builds every case, some five minutes on the newest engine. `mount-*,heredoc-mount` builds these. */
const wanted = process.env['STRAKE_TEST_ENGINE_CASES']?.split(',').map((name) => (name === 'all' ? '*' : name));
const isWanted = (name: string): boolean => wanted?.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one)) === true;
const onNewest = wanted === undefined ? cases : listCases('cases').map(({ name }) => name).filter(isWanted);

/** Debian's engine has no other store than overlay2: `STRAKE_TEST_ENGINE_STORE=overlay2` builds on the newest one with that, too. */
const store = process.env['STRAKE_TEST_ENGINE_STORE'] === 'overlay2' ? 'overlay2' : 'containerd';

const engines = [
  { name: `the newest engine, ${store}`, unmet: newestRootUnmet(), start: () => startNewestDocker(store), cases: onNewest },
  // Starting and writing take that engine far longer.
  { name: "Debian's engine", unmet: debianDockerUnmet(), start: () => startDebianDocker(), cases: wanted === undefined ? cases.filter((_, at) => at % 8 === 0) : onNewest },
];

describe.each(engines)('$name', ({ unmet, start, cases: chosen }) => {
  suite('builds what BuildKit builds', unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar', 'xz', 'bzip2', 'zstd'] }) ?? unmet, () => {
    let folder = '';
    let engine: DockerEngine | undefined;
    let builder: Builder | undefined;
    let recorded: RecordedResults | undefined;
    const definitions = listCases('cases').filter(({ name }) => chosen.includes(name));
    const jobs = new LookAhead(definitions.map((definition) => async () => {
      if (builder === undefined) throw new Error('the builder did not start');
      const [actual] = await runCase(definition, [builder], folder);
      return { expected: recorded?.find(definition, undefined), actual };
    }), 2);

    beforeAll(async () => {
      folder = makeFolder('on-docker');
      const bases = await baseImages();
      recorded = new RecordedResults(bases);
      engine = await start();
      builder = await startStrakeDocker(engine.host);
      await builder.load(bases);
    }, 120_000);

    afterAll(async () => {
      await jobs.settled();
      await builder?.close();
      await engine?.stop();
      await removeFolder(folder);
    }, 120_000);

    it('knows the cases', () => expect(definitions.map(({ name }) => name).sort()).toEqual([...chosen].sort()));

    it.each(definitions.map(({ name, options }, index) => ({ name, options, index })))('$name', async ({ name, options, index }) => {
      const { expected, actual } = await jobs.result(index);
      if (expected === undefined || actual === undefined) throw new Error('there is no record of the case');
      expect(unexplained(unexplainedByFast(name, compareResults(expected, withoutOwnLayers(actual))), options.intended)).toEqual([]);
    }, 120_000);
  });
});
