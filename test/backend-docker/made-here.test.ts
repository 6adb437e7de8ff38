import { createWriteStream, linkSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { Descriptor, HistoryEntry } from '@strake/api';
import { digestOf, makeManifest, MEDIA_TYPES } from '@strake/oci';
import { createBuilder, type BuildOptions } from 'strake';
import { layoutWithLayer } from '../../plugins/backend-docker/src/compose/layout-archive';
import { baseImages } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { startStrakeLibrary } from '../builders/strake-library';
import { buildCase, type CaseResult } from '../differential/build-case';
import { compareResults } from '../differential/compare-results';
import type { Difference } from '../image/compare-facts';
import { contextTime } from '../differential/cases';
import { debianDockerClient } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { unexplainedByFast, withoutOwnLayers } from './explained';
import { startStrakeDocker } from './strake-docker';

/** More than are put into a container one by one: such a copy is a layer that is made here. */
const MANY = 520;

/** Each below a base with users, links and odd directories; `many` is a folder of the context. */
const dockerfiles: readonly { readonly name: string; readonly lines: readonly string[]; readonly layers?: number }[] = [
  { name: 'a new directory', lines: ['COPY many /app', 'RUN test $(ls /app | wc -l) -gt 520 && rm /app/f1'], layers: 2 },
  { name: 'an empty directory with a mode and an owner of its own', lines: ['RUN mkdir -m 1770 /app && chown 5:6 /app', 'WORKDIR /app', 'COPY many .', 'RUN echo x > /app/after'], layers: 3 },
  { name: 'below directories that stay as they are', lines: ['RUN mkdir -p /a/b && chmod 711 /a && chown 7:8 /a/b', 'COPY --chown=app:web --chmod=640 many /a/b/c/d/'], layers: 2 },
  { name: 'among what is there', lines: ['COPY many/f0 /app/', 'COPY many /app'], layers: 1 },
  { name: 'through links', lines: ['COPY many /var/run/many', 'COPY many /lib64/x'] },
  { name: 'the root', lines: ['COPY many /'] },
  { name: 'nothing below', lines: [] },
  { name: 'to another stage', lines: ['COPY many /m', 'FROM example.test/base:1', 'COPY --from=0 /m /n', 'COPY --from=0 --chown=3:4 /m/. /opt/'] },
  { name: 'twice the same', lines: ['COPY many many /app/', 'COPY many /z'] },
];

/** Below the base, as one layer. */
const squashed: readonly (readonly [name: string, ...lines: readonly string[]])[] = [
  ['what is made and removed again', 'RUN echo 1 > /big && mkdir -m 700 /d && echo 2 > /d/e', 'ENV A=1', 'RUN rm /big && chmod 711 /d'],
  ['what hides the base', 'RUN rm -r /srv && echo x > /opt/new', 'RUN mkdir /srv && echo y > /srv/y && rm /etc/motd', 'COPY many/f1 /etc/motd/'],
  ['kinds that change', 'RUN rm /etc/motd && mkdir /etc/motd && touch /etc/motd/in', 'RUN rm -r /srv/data && ln -s /opt /srv/data', 'RUN ln /opt/first /opt/third && chown 5:6 /opt/first'],
  ['a copy of many files', 'COPY many /app', 'RUN rm /app/f1'],
];

suite('layers that are made here, and not in the engine', unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar'] }) ?? newestRootUnmet(), () => {
  let folder = '';
  let engine: DockerEngine | undefined;
  let builders: readonly Builder[] = [];

  beforeAll(async () => {
    folder = makeFolder('many');
    const bases = (await baseImages()).slice(0, 1);
    makeContext(join(folder, 'context'));
    engine = await startNewestDocker('containerd');
    builders = [await startStrakeLibrary(), await startStrakeDocker(engine.host)];
    for (const builder of builders) await builder.load(bases);
  }, 120_000);

  afterAll(async () => {
    for (const builder of builders) await builder.close();
    await engine?.stop();
    await removeFolder(folder);
  }, 60_000);

  async function built(lines: readonly string[], from: string, squash = false): Promise<readonly CaseResult[]> {
    const dockerfile = join(folder, 'Dockerfile');
    writeFileSync(dockerfile, [`FROM ${from}`, ...lines].join('\n'));
    const results: CaseResult[] = [];
    for (const builder of builders) results.push(await buildCase(squash ? { ...builder, build: (request) => builder.build({ ...request, squash }) } : builder, { name: 'many', folder, options: {} }, { context: join(folder, 'context'), dockerfile }, folder));
    return results;
  }

  it.each(dockerfiles)('$name', async ({ name, lines, layers }) => {
    const [expected, actual] = lines.length === 0 ? await built(['COPY many /a/b'], 'scratch') : await built(lines, 'example.test/base:1');
    if (expected?.kind !== 'built' || actual?.kind !== 'built') throw new Error(`${name}: ${JSON.stringify([expected, actual])}`);
    if (layers !== undefined) expect(actual.facts.layers.length - 1).toBe(layers);
    // Cut short: lists of so many names are more than jest can show the difference of.
    const differences = unexplainedByFast(name, compareResults(withoutOwnLayers(expected), withoutOwnLayers(actual)));
    expect(differences.map((one) => JSON.stringify(one).slice(0, 200))).toEqual([]);
  }, 60_000);

  it.each(squashed)('squashed: %s', async (name, ...lines) => {
    const [expected, actual] = await built(lines, 'example.test/base:1', true);
    if (expected?.kind !== 'built' || actual?.kind !== 'built') throw new Error(`${name}: ${JSON.stringify([expected, actual])}`);
    expect([expected.facts.layers.length, actual.facts.layers.length]).toEqual([2, 2]);
    const isOfLayers = ({ where }: Difference): boolean => /^layers\[/.test(where);
    const differences = unexplainedByFast(name, compareResults(withoutIds(expected), withoutIds(actual))).filter((one) => !isOfLayers(one));
    expect(differences.map((one) => JSON.stringify(one).slice(0, 200))).toEqual([]);
    // Everything is in the cache, and the same image is made.
    expect((await built(lines, 'example.test/base:1', true))[1]).toEqual(actual);
  }, 60_000);

  it('squashed: images of instructions, with their history', async () => {
    const library = await createBuilder({ store: join(folder, 'classic'), backend: 'docker', backendOptions: { host: engine?.host ?? '' }, cache: 'classic' });
    try {
      const options: BuildOptions = { context: join(folder, 'context'), dockerfile: { text: 'FROM example.test/base:1\nENV A=1\nRUN echo 1 > /one\nRUN rm /one && echo 2 > /two\nCMD ["sh"]\n', name: 'Dockerfile' } };
      const [whole, one] = [await library.build(options), await library.build({ ...options, squash: true })];
      const words = (history: readonly HistoryEntry[]): readonly unknown[] => history.map(({ created_by: by, comment }) => by ?? comment?.slice(0, 12));
      expect(words(one.config.history)).toEqual([...words(whole.config.history), 'merge sha256']);
      expect([one.config.rootfs.diff_ids.length, one.config.history.filter(({ empty_layer: empty }) => empty !== true).length]).toEqual([2, 2]);
      expect((await library.build({ ...options, squash: true })).imageId).toBe(one.imageId);
    } finally {
      await library.close();
    }
  }, 60_000);

  it.each([['what stands in the way', 'COPY many /etc/passwd'], ['a name that is a mark in layers', 'COPY marks /marks']])('%s is refused as elsewhere', async (_, line) => {
    const results = await built([line], 'example.test/base:1');
    expect(results.map(({ kind }) => kind)).toEqual(['refused', 'refused']);
    const [ours, engines] = results.map((result) => (result.kind === 'refused' ? result.line : undefined));
    // The embedded backend finds a mark when it packs the layer, and names no line then.
    expect(engines).toBe(ours ?? 2);
  });

  it('an image is made of the blobs that the engine has now, not of those that it had', async () => {
    const docker = (...args: readonly string[]): Promise<string> => mustRun([debianDockerClient, '-H', engine?.host ?? '', ...args]);
    const library = await createBuilder({ store: join(folder, 'blobs'), backend: 'docker', backendOptions: { host: engine?.host ?? '' } });
    const build = async (label: string): Promise<string> => (await library.build({ dockerfile: { text: `FROM example.test/base:1\nLABEL a=${label}\n`, name: 'Dockerfile' }, pull: 'never' })).imageId;
    try {
      await build('1');
      const packed = await packedBase(docker, join(folder, 'saved'));
      await docker('rmi', '-f', ...new Set((await docker('images', '-aq')).trim().split('\n')));
      await docker('load', '-i', packed.archive);
      await docker('tag', packed.id, 'example.test/base:1');
      expect(await docker('run', '--rm', '--network', 'none', await build('2'), 'cat', '/etc/motd')).toBe('welcome\n');
    } finally {
      await library.close();
    }
  }, 60_000);
});

/** The base image with its layer packed: the same files, and other blobs. */
async function packedBase(docker: (...args: readonly string[]) => Promise<string>, place: string): Promise<{ readonly id: string; readonly archive: string }> {
  mkdirSync(place);
  await docker('save', '-o', join(place, 'base.tar'), 'example.test/base:1');
  await mustRun(['tar', '-xf', join(place, 'base.tar'), '-C', place]);
  const [{ Config: config = '', Layers: [layer = ''] = [] } = {}] = JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')) as readonly { readonly Config?: string; readonly Layers?: readonly string[] }[];
  const [configBytes, layerBytes] = [readFileSync(join(place, config)), gzipSync(readFileSync(join(place, layer)))];
  const describe = (mediaType: string, bytes: Buffer): Descriptor => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const [configDescriptor, blob] = [describe(MEDIA_TYPES.config, configBytes), describe(MEDIA_TYPES.layerGzip, layerBytes)];
  const { descriptor: manifest, bytes: manifestBytes } = makeManifest(configDescriptor, [blob]);
  writeFileSync(join(place, 'layer'), layerBytes);
  const archive = join(place, 'packed.tar');
  await pipeline(layoutWithLayer({ manifest, manifestBytes, configDescriptor, configBytes }, { path: join(place, 'layer'), diffId: blob.digest, size: blob.size }), createWriteStream(archive));
  return { id: manifest.digest, archive };
}

/** A squashed image's history names the image before, which has other times in each builder. */
function withoutIds(result: CaseResult): CaseResult {
  if (result.kind !== 'built') return result;
  return { ...result, facts: { ...result.facts, history: result.facts.history.map((entry) => ({ ...entry, comment: String(entry['comment']).replace(/sha256:[0-9a-f]{64}/g, 'ID') })) } };
}

function makeContext(context: string): void {
  for (const name of ['many/deep/er', 'marks']) mkdirSync(join(context, name), { recursive: true });
  for (let at = 0; at < MANY; at += 1) writeFileSync(join(context, 'many', `f${at}`), String(at), { mode: at % 7 === 0 ? 0o755 : 0o644 });
  for (let at = 0; at < MANY; at += 1) writeFileSync(join(context, 'marks', `f${at}`), '');
  writeFileSync(join(context, 'marks/.wh.f1'), 'no mark here');
  writeFileSync(join(context, 'many/deep/er/last'), 'last');
  symlinkSync('../f1', join(context, 'many/deep/link'));
  linkSync(join(context, 'many/f2'), join(context, 'many/linked'));
  for (const path of ['many/f3', 'many/deep']) utimesSync(join(context, path), contextTime, contextTime);
}
