import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type LeftOvers, leftOvers } from '../builders/left-overs';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { type ImageFacts, readFacts } from '../image/image-facts';

const kills = Number(process.env['STRAKE_TEST_KILLS'] ?? 30);

/** Every kind of work a kill can hit: context, COPY, RUN, whiteouts, stages, export. */
const dockerfile = (round: number): string => [
  'FROM example.test/base:1 AS one',
  'COPY . /src',
  `RUN echo ${round % 5} > /round && cat /src/file* > /all && rm /etc/motd`,
  'FROM example.test/layers:1',
  'RUN dd if=/dev/zero of=/zeros bs=64k count=64 2>/dev/null && rm -r /srv/data',
  'COPY --from=one /all /round /out/',
  'RUN mkdir /last && ln /out/all /last/hard',
  'LABEL done=yes',
].join('\n');

suite('a store after kill -9', strakeUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'setcap'] }), () => {
  let store: StrakeStore;
  beforeAll(async () => { store = await openStrakeStore('crash', { bases: true }); }, 120_000);
  afterAll(() => store.close(), 60_000);

  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`file${index}`, `${index}\n`.repeat(100)]));

  async function build(round: number, args: readonly string[] = []): Promise<ImageFacts> {
    const archive = join(store.folder, 'image.tar');
    const context = store.context('context', { ...files, Dockerfile: dockerfile(round) });
    const built = await store.strake(['build', '--network', 'none', '-o', `type=oci,dest=${archive}`, ...args, context]);
    expect(built).toMatchObject({ code: 0 });
    return readFacts(archive);
  }

  /** Starts a build and kills it, at once and without a word, after so many milliseconds. */
  function killed(round: number, milliseconds: number): Promise<void> {
    const context = store.context('context', { ...files, Dockerfile: dockerfile(round) });
    const args = [...strakeCommand.slice(1), 'build', '--network', 'none', ...(round % 2 === 0 ? ['--no-cache'] : []), '-o', `type=oci,dest=${join(store.folder, 'killed.tar')}`, context];
    return new Promise((resolve) => {
      const child = spawn(strakeCommand[0] ?? '', args, { stdio: 'ignore', env: { ...process.env, STRAKE_STORE: store.store } });
      const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
      child.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  it(`works, returns nothing wrong and is cleaned up, ${kills} times`, async () => {
    const clean = await expectedFacts();
    const started = Date.now();
    await build(0, ['--no-cache']);
    const whole = Date.now() - started;
    for (let round = 0; round < kills; round++) {
      // Spread over the whole length of a build, by the golden ratio: no phase is missed, no run is like another.
      await killed(round, 20 + ((round * 0.618) % 1) * whole);
      if (round % 10 === 9) expect(await build(round)).toEqual(clean[round % 5]);
    }
    expect(await settled()).toEqual({ processes: [], mounts: [], unfinished: [] });
  }, 600_000);

  /** What the five variants are when nobody disturbs them. */
  async function expectedFacts(): Promise<readonly ImageFacts[]> {
    const facts: ImageFacts[] = [];
    for (let round = 0; round < 5; round++) facts.push(await build(round, ['--no-cache']));
    return facts;
  }

  /** A build reclaims what dead ones left; a process that was just killed may need a moment to be gone. */
  async function settled(): Promise<LeftOvers> {
    await build(0);
    for (let attempt = 0; attempt < 50 && leftOvers(store.store).processes.length > 0; attempt++) await new Promise((resolve) => setTimeout(resolve, 100));
    return leftOvers(store.store);
  }
});
