import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';

const DOCKERFILE = `FROM scratch
COPY --chmod=755 busybox /bin/sh
COPY files /files/
WORKDIR /made
RUN echo out > /made/file; mkdir -p /made/dir/deep; ln -s file /made/link; ln /made/file /made/hard
ENV A=1
`;

suite('a build on two days', unmetNeed({ root: true, programs: ['faketime', 'busybox', 'bash'] }) ?? strakeUnmet(), () => {
  let folder = '';

  beforeAll(() => {
    folder = makeFolder('reproducible');
  });

  afterAll(() => removeFolder(folder));

  /** Builds the same tree by another clock, in another folder, with another store, umask and order, and files of another time. */
  async function buildOn(day: string, { place, umask, names }: { readonly place: string; readonly umask: string; readonly names: readonly string[] }): Promise<string> {
    const context = join(folder, place);
    mkdirSync(join(context, 'files'), { recursive: true });
    copyFileSync('/bin/busybox', join(context, 'busybox'));
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    for (const name of names) {
      writeFileSync(join(context, 'files', name), `${name}\n`);
      utimesSync(join(context, 'files', name), Date.parse(day) / 1000, Date.parse(day) / 1000);
    }
    const archive = join(folder, `${place.replaceAll('/', '-')}.tar`);
    const words = [...strakeCommand, '--store', join(folder, `store-${umask}`), 'build', '--reproducible', '--quiet', '-o', `type=oci,dest=${archive}`, context];
    await mustRun(['faketime', '-f', `@${day}`, 'bash', '-c', `umask ${umask}; exec "$@"`, '-', ...words]);
    return createHash('sha256').update(readFileSync(archive)).digest('hex');
  }

  test('gives the same archive, byte for byte', async () => {
    const one = await buildOn('2019-02-03 04:05:06', { place: 'here', umask: '022', names: ['a', 'b', 'c'] });
    const two = await buildOn('2031-12-24 23:59:58', { place: 'over/there', umask: '077', names: ['c', 'a', 'b'] });
    expect(two).toBe(one);
  }, 120_000);
});
