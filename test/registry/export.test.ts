import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { strakeUnmet } from '../builders/strake';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';

interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string };
}

interface Manifest {
  readonly mediaType: string;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

const dockerfile = [
  'FROM --platform=$BUILDPLATFORM example.test/base:1 AS build',
  'ARG TARGETARCH',
  'RUN echo "for $TARGETARCH" > /built',
  'FROM scratch',
  'ARG TARGETARCH',
  'COPY --from=build /built /built',
  'COPY Dockerfile /$TARGETARCH/',
].join('\n');

suite('a build that goes to a registry', strakeUnmet() ?? dockerRegistryUnmet() ?? unmetNeed({ programs: ['skopeo', 'busybox', 'setcap', 'tar'] }), () => {
  let registry: TestRegistry;
  let store: StrakeStore;
  let context: string;

  beforeAll(async () => {
    store = await openStrakeStore('pushed', { bases: true });
    context = store.context('context', { Dockerfile: dockerfile });
    registry = await startDockerRegistry();
  }, 120_000);

  afterAll(async () => {
    await registry.stop();
    await store.close();
  }, 60_000);

  /** Builds, pushes, and gives the digest that the build told. */
  async function push(args: readonly string[]): Promise<string> {
    const file = join(store.folder, 'metadata');
    const built = await store.strake(['build', '--network', 'none', '--metadata-file', file, ...args, context]);
    expect(built).toMatchObject({ code: 0 });
    return (JSON.parse(readFileSync(file, 'utf8')) as { 'containerimage.digest': string })['containerimage.digest'];
  }

  const raw = (name: string): Promise<string> => mustRun(['skopeo', 'inspect', '--tls-verify=false', '--raw', `docker://${name}`]);

  /** Brings everything that a name stands for, by another program. */
  async function bring(name: string, folder: string): Promise<string> {
    await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', '--all', '--src-tls-verify=false', `docker://${name}`, `dir:${folder}`]);
    return folder;
  }

  /** Every byte of one image is what its manifest says, and its layers what its config says. */
  function checkImage(bytes: string, folder: string): { readonly architecture: string; readonly files: readonly Buffer[] } {
    const { config, layers } = JSON.parse(bytes) as Manifest;
    for (const { digest, size } of [config, ...layers]) {
      const blob = readFileSync(join(folder, digest.replace('sha256:', '')));
      expect([sha256(blob), blob.length]).toEqual([digest, size]);
    }
    const { architecture, rootfs } = JSON.parse(readFileSync(join(folder, config.digest.replace('sha256:', '')), 'utf8')) as { architecture: string; rootfs: { diff_ids: string[] } };
    const files = layers.map(({ digest }) => gunzipSync(readFileSync(join(folder, digest.replace('sha256:', '')))));
    expect(files.map(sha256)).toEqual(rootfs.diff_ids);
    return { architecture, files };
  }

  it.each([
    ['--push', ['--push']],
    ['type=image,push=true', ['-o', 'type=image,push=true']],
    ['type=registry', ['-o', 'type=registry']],
  ] as const)('one image by %s', async (kind, output) => {
    const name = `${registry.host}/one/${kind.replace(/[^a-z]/g, '')}`;
    const told = await push([...output, '--platform', 'linux/amd64', '-t', `${name}:1`, '-t', `${name}:2`]);
    const manifest = await raw(`${name}:1`);
    expect(sha256(manifest)).toBe(told);
    expect(await raw(`${name}:2`)).toBe(manifest);
    expect(await raw(`${name}@${told}`)).toBe(manifest);
    const { architecture, files } = checkImage(manifest, await bring(`${name}:1`, join(store.folder, kind)));
    expect([architecture, files.length]).toEqual(['amd64', 2]);
    expect(String(files[0])).toContain('for amd64\n');
  }, 120_000);

  it.each([
    ['--push', ['--push']],
    ['type=image,push=true', ['-o', 'type=image,push=true']],
    ['type=registry', ['-o', 'type=registry']],
  ] as const)('an index of two platforms by %s', async (kind, output) => {
    const name = `${registry.host}/two/${kind.replace(/[^a-z]/g, '')}`;
    const told = await push([...output, '--platform', 'linux/amd64,linux/arm64', '-t', `${name}:1`]);
    const index = await raw(`${name}:1`);
    expect(sha256(index)).toBe(told);
    const { manifests } = JSON.parse(index) as { readonly manifests: readonly Blob[] };
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
    const folder = await bring(`${name}:1`, join(store.folder, `two-${kind}`));
    for (const { digest, size, platform, mediaType } of manifests) {
      const manifest = await raw(`${name}@${digest}`);
      expect([sha256(manifest), Buffer.byteLength(manifest)]).toEqual([digest, size]);
      expect((JSON.parse(manifest) as Manifest).mediaType).toBe(mediaType);
      const { architecture, files } = checkImage(manifest, folder);
      expect(architecture).toBe(platform?.architecture);
      expect(String(files[0])).toContain(`for ${architecture}\n`);
    }
  }, 120_000);

  it('by its digest alone: no tag, the same image', async () => {
    const name = `${registry.host}/untagged`;
    const told = await push(['-o', `type=image,push=true,push-by-digest=true,name=${name}`, '--platform', 'linux/amd64']);
    expect(sha256(await raw(`${name}@${told}`))).toBe(told);
    await expect(mustRun(['skopeo', 'list-tags', '--tls-verify=false', `docker://${name}`])).rejects.toThrow(/name unknown|fetching tags|"?Tags"?: \[\]/i);
  }, 60_000);
});

const sha256 = (bytes: string | Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
