import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from '../build/build-options';
import { createBuilder, type Builder } from '../builder/create-builder';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

describeBuilds('exports', () => {
  let scratch: Scratch;
  let builder: Builder;
  beforeAll(async () => {
    scratch = makeScratch();
    builder = await createBuilder({ store: scratch.store, cwd: scratch.folder });
  });
  afterAll(async () => {
    await builder.close();
    scratch.remove();
  });

  const dockerfile = (text: string): Pick<BuildOptions, 'context' | 'dockerfile'> => ({ context: 'context', dockerfile: { text, name: 'Dockerfile' } });
  const at = (...parts: readonly string[]): string => join(scratch.folder, ...parts);
  const output = (type: string, attributes: Record<string, string> = {}) => ({ type, attributes });
  const both = `FROM scratch\nARG TARGETARCH\nCOPY busybox /bin-$TARGETARCH\n`;
  const platforms = ['linux/amd64', 'linux/arm64'];

  describe('local', () => {
    const files = `${shell}RUN mkdir -p /d/e && echo new > /d/file && ln -s /etc/passwd /d/link && ln /d/file /d/hard && chmod 4750 /d/file && rm /bin/busybox\n`;

    test('writes the files of the result, owned by whoever builds', async () => {
      await builder.build({ ...dockerfile(files), outputs: [output('local', { dest: 'new' })] });
      expect(readdirSync(at('new')).sort()).toEqual(['bin', 'd']);
      expect(readdirSync(at('new', 'bin'))).toEqual(['sh']);
      expect(lstatSync(at('new', 'd', 'file'))).toMatchObject({ mode: 0o104750, nlink: 2, uid: 0 });
      expect(readlinkSync(at('new', 'd', 'link'))).toBe('/etc/passwd');
    });

    test('never follows a link that is in its way', async () => {
      mkdirSync(at('outside'));
      writeFileSync(at('outside', 'file'), 'mine');
      mkdirSync(at('old', 'bin'), { recursive: true });
      symlinkSync(at('outside'), at('old', 'd'));
      symlinkSync(at('outside', 'file'), at('old', 'bin', 'sh'));
      writeFileSync(at('old', 'kept'), 'kept');
      await builder.build({ ...dockerfile(files), outputs: [output('local', { dest: 'old' })] });
      expect(readFileSync(at('outside', 'file'), 'utf8')).toBe('mine');
      expect(readdirSync(at('outside'))).toEqual(['file']);
      expect(lstatSync(at('old', 'd')).isDirectory()).toBe(true);
      expect(lstatSync(at('old', 'bin', 'sh')).isFile()).toBe(true);
      expect(readdirSync(at('old')).sort()).toEqual(['bin', 'd', 'kept']);
    });

    test('mode=delete takes away what the result does not have, below the working directory only', async () => {
      mkdirSync(at('full', 'sub'), { recursive: true });
      symlinkSync(at('outside'), at('full', 'link'));
      await builder.build({ ...dockerfile(files), outputs: [output('local', { dest: 'full', mode: 'delete' })] });
      expect(readdirSync(at('full')).sort()).toEqual(['bin', 'd']);
      expect(existsSync(at('outside', 'file'))).toBe(true);
      for (const dest of ['.', '..', '/tmp']) {
        await expect(builder.build({ ...dockerfile(files), outputs: [output('local', { dest, mode: 'delete' })] })).rejects.toMatchObject({ code: 'USAGE', hint: 'Name a folder below the working directory.' });
      }
    });

    test('platforms have folders of their own, or must not collide', async () => {
      await builder.build({ ...dockerfile(both), platforms, outputs: [output('local', { dest: 'split' }), output('local', { dest: 'flat', 'platform-split': 'false' })] });
      expect(readdirSync(at('split')).sort()).toEqual(['linux_amd64', 'linux_arm64']);
      expect(readdirSync(at('flat')).sort()).toEqual(['bin-amd64', 'bin-arm64']);
      const same = builder.build({ ...dockerfile('FROM scratch\nARG TARGETARCH\nENV A=$TARGETARCH\nCOPY busybox /same\n'), platforms, outputs: [output('local', { dest: 'same', 'platform-split': 'false' })] });
      await expect(same).rejects.toMatchObject({ code: 'USAGE', message: 'several platforms have the file /same' });
      expect(existsSync(at('same'))).toBe(false);
    });
  });

  test('tar has the same files, with their owners', async () => {
    const text = `${shell}RUN echo x > /file && chown 7:8 /file\n`;
    await builder.build({ ...dockerfile(text), outputs: [output('tar', { dest: 'one.tar' }), output('tar', { dest: 'split.tar', 'platform-split': 'true' })] });
    expect(execFileSync('tar', ['tvf', at('one.tar'), '--numeric-owner']).toString()).toMatch(/^-rw-r--r-- 7\/8 +2 .* file$/m);
    expect(execFileSync('tar', ['tf', at('split.tar')]).toString().split('\n')).toEqual(expect.arrayContaining(['linux_amd64/', 'linux_amd64/bin/', 'linux_amd64/file']));
  });

  test('an empty result is an empty folder and an empty tar', async () => {
    await builder.build({ ...dockerfile('FROM scratch\nENV A=b\n'), outputs: [output('local', { dest: 'empty' }), output('tar', { dest: 'empty.tar' })] });
    expect(readdirSync(at('empty'))).toEqual([]);
    expect(execFileSync('tar', ['tf', at('empty.tar')]).toString()).toBe('');
  });

  test('several platforms are an index under the name, and each image is there', async () => {
    const result = await builder.build({ ...dockerfile(both), platforms, tags: ['both'], outputs: [output('oci', { dest: 'both.tar', compression: 'gzip' })] });
    expect(result.images.map(({ platform, config }) => [platform, config.architecture])).toEqual([['linux/amd64', 'amd64'], ['linux/arm64', 'arm64']]);
    expect(result.manifest.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(result.imageId).toBe(result.metadata['containerimage.digest']);
    expect(result.metadata).not.toHaveProperty('containerimage.config.digest');
    expect((await builder.images().get('both')).id).toBe(result.images[0]?.imageId);
    const index = JSON.parse(execFileSync('tar', ['xOf', at('both.tar'), `blobs/sha256/${result.imageId.slice(7)}`]).toString()) as { manifests: { platform: unknown }[] };
    expect(index.manifests.map(({ platform }) => platform)).toEqual([{ architecture: 'amd64', os: 'linux' }, { architecture: 'arm64', os: 'linux' }]);
  });

  test('the image exporter sets further names, in the form that is asked for', async () => {
    const result = await builder.build({ ...dockerfile(both), tags: ['named:1'], outputs: [output('image', { compression: 'gzip', 'name-canonical': 'true', 'dangling-name-prefix': 'dangling', 'annotation.a': 'b' })] });
    const digest = String(result.metadata['containerimage.digest']);
    expect(digest).not.toBe(result.manifest.digest);
    expect(result.metadata['image.name']).toBe(`docker.io/library/named:1,docker.io/library/named@${digest},docker.io/library/dangling@${digest}`);
    expect((await builder.images().get('named:1')).manifest.digest).toBe(digest);
    expect((await builder.images().get('named:1')).id).toBe(result.imageId);
  });

  test('cacheonly names nothing', async () => {
    const { names, metadata } = await builder.build({ ...dockerfile('FROM scratch\nCOPY busybox /only\n'), tags: ['cacheonly'], outputs: [output('cacheonly')] });
    expect({ names, metadata }).toEqual({ names: [], metadata: {} });
    await expect(builder.images().get('cacheonly')).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  });

  test.each<[ReturnType<typeof output>, string, string]>([
    [output('local'), 'USAGE', '--output type=local needs a folder'],
    [output('image', { push: 'true' }), 'USAGE', 'a tag is needed when pushing to a registry'],
    [output('image', { unpack: 'true' }), 'UNSUPPORTED', '--output type=image: unpack=true is not supported'],
    [output('image', { store: 'false' }), 'USAGE', '--output type=image,store=false does nothing without push=true'],
    [output('oci', { dest: 'x', 'rewrite-timestamp': 'true' }), 'USAGE', 'rewrite-timestamp=true needs a SOURCE_DATE_EPOCH'],
    [output('cacheonly', { dest: 'x' }), 'USAGE', '--output type=cacheonly: unknown attribute "dest"'],
  ])('%j is refused before anything runs', async (wrong, code, message) => {
    const events: string[] = [];
    const built = builder.build({ ...dockerfile(`${shell}RUN echo ${message}\n`), outputs: [wrong], onEvent: ({ type }) => events.push(type) });
    await expect(built).rejects.toMatchObject({ code, message });
    expect(events).not.toContain('started');
  });

  test('an archive for docker load cannot hold several platforms', async () => {
    await expect(builder.build({ ...dockerfile(both), platforms, outputs: [output('docker', { dest: 'x.tar' })] })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  test('a RUN of another platform is refused at its place, with a hint, unless an emulator is there', async () => {
    const built = builder.build({ ...dockerfile(`FROM scratch\nCOPY busybox /bin/sh\nRUN echo\n`), platform: 'linux/mips64' });
    await expect(built).rejects.toMatchObject({ code: 'UNSUPPORTED', message: 'programs of linux/mips64 cannot run on this machine', range: { start: { line: 3 } }, hint: expect.stringContaining('qemu-user-static') });
  });

  describe('with a SOURCE_DATE_EPOCH', () => {
    const text = `${shell}RUN mkdir /made && echo x > /made/file\nCOPY files /files\nWORKDIR /work\n`;
    const build = async (turn: 0 | 1, more: Partial<BuildOptions> = {}) => {
      const other = makeScratch();
      const own = await createBuilder({ store: other.store, cwd: other.folder });
      try {
        for (const name of turn === 0 ? ['a', 'b', 'c'] : ['c', 'a', 'b']) {
          other.write(`files/${name}`, name);
          chmodSync(join(other.context, 'files', name), turn === 0 || more.reproducible !== true ? 0o644 : 0o660);
          utimesSync(join(other.context, 'files', name), new Date(), new Date(Date.now() - turn * 1e9));
        }
        return await own.build({ ...dockerfile(text), buildArgs: { SOURCE_DATE_EPOCH: '1000000000' }, outputs: [output('oci', { dest: 'out.tar', compression: 'gzip' }), output('local', { dest: 'out' })], ...more });
      } finally {
        await own.close();
        other.remove();
      }
    };

    test('two stores and folders give one image, byte by byte', async () => {
      const results = [await build(0), await build(1)];
      expect(new Set(results.map(({ metadata }) => metadata['containerimage.digest'])).size).toBe(1);
      expect(results[0]?.config).toMatchObject({ created: '2001-09-09T01:46:40Z' });
      expect(new Set(results[0]?.config.history.map(({ created }) => created))).toEqual(new Set(['2001-09-09T01:46:40Z']));
    });

    test('another one needs nothing to run again, and each keeps its layers', async () => {
      const events: string[] = [];
      const options = (epoch: string) => ({ ...dockerfile(text.replace('COPY files /files\n', '')), buildArgs: { SOURCE_DATE_EPOCH: epoch }, outputs: [output('oci', { dest: `${epoch}.tar` })] });
      const first = await builder.build(options('1000000000'));
      const second = await builder.build({ ...options('1100000000'), onEvent: ({ type }) => events.push(type) });
      expect(events).not.toContain('started');
      expect(second.config.rootfs.diff_ids).not.toEqual(first.config.rootfs.diff_ids);
      expect((await builder.build(options('1000000000'))).imageId).toBe(first.imageId);
    });

    test('the base stays as it is, and no exported file is later', async () => {
      const base = await builder.build({ ...dockerfile(text.replace('COPY files /files\n', '')), tags: ['base'] });
      const result = await builder.build({ ...dockerfile('FROM base\nRUN echo more > /more\n'), buildArgs: { SOURCE_DATE_EPOCH: '1000000000' }, outputs: [output('local', { dest: 'dated' })] });
      expect(result.config.rootfs.diff_ids.slice(0, -1)).toEqual(base.config.rootfs.diff_ids);
      expect(result.config.history.slice(0, -1)).toEqual(base.config.history);
      expect(statSync(at('dated', 'more')).mtime).toEqual(new Date(1_000_000_000_000));
    });

    test('--reproducible needs no number', async () => {
      const results = [await build(0, { buildArgs: {}, reproducible: true }), await build(1, { buildArgs: {}, reproducible: true })];
      expect(results[0]?.imageId).toBe(results[1]?.imageId);
      expect(results[0]?.config.created).toBe('1970-01-01T00:00:00Z');
    });
  });
});
