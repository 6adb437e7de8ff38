import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import type { DockerEngine } from '../engines/docker-engine';
import { newestBuildx, startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { run } from '../engines/run';
import { suite } from '../engines/suite';

interface Told {
  readonly code: number;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly id: string | undefined;
}

const one = 'linux/amd64';
const two = 'linux/amd64,linux/arm64';
const tags = ['-t', 'example.test/told:1', '-t', 'example.test/told:2'];
const dockerfile = 'FROM scratch\nARG TARGETARCH\nCOPY Dockerfile /$TARGETARCH\n';

suite('--metadata-file and --iidfile', strakeUnmet() ?? newestRootUnmet(), () => {
  let engine: DockerEngine;
  let store: StrakeStore;
  let context: string;

  beforeAll(async () => {
    store = await openStrakeStore('metadata', { bases: false });
    context = store.context('context', { Dockerfile: dockerfile });
    engine = await startNewestDocker();
  }, 60_000);

  afterAll(async () => {
    await engine.stop();
    await store.close();
  }, 60_000);

  async function build(command: readonly string[], env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Told> {
    const [metadata, id] = [join(store.folder, 'metadata'), join(store.folder, 'id')];
    for (const file of [metadata, id]) rmSync(file, { force: true });
    const { code } = await run([...command, 'build', ...args, '--metadata-file', metadata, '--iidfile', id, context], { env });
    const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
    const text = read(metadata);
    return { code, metadata: text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>), id: read(id) };
  }

  const output = (type: string): readonly string[] => {
    if (type === 'image' || type === 'cacheonly') return ['-o', type === 'image' ? 'type=image,oci-mediatypes=true' : 'type=cacheonly'];
    return ['-o', `type=${type},dest=${join(store.folder, `${type}.out`)}`];
  };
  const byBuildx = (args: readonly string[]): Promise<Told> => build(newestBuildx(), { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder }, [...args, '--provenance=false', '--progress=plain']);
  const byStrake = (args: readonly string[]): Promise<Told> => build(strakeCommand, { STRAKE_STORE: store.store }, args);

  it.each([
    ['oci', one, tags], ['oci', one, []], ['oci', two, tags], ['oci', two, []], ['docker', one, tags], ['image', one, tags], ['image', two, tags], ['cacheonly', one, []], ['cacheonly', two, []],
  ] as const)('say what those of buildx say: type=%s of %s %j', async (type, platforms, names) => {
    const args = ['--platform', platforms, ...names, ...output(type)];
    const [theirs, ours] = [await byBuildx(args), await byStrake(args)];
    expect([theirs.code, ours.code]).toEqual([0, 0]);
    expect(shape(ours.metadata)).toEqual(shape(theirs.metadata));
    expect(Object.keys(comparable(ours.metadata))).toEqual(Object.keys(comparable(theirs.metadata)));
    if (type === 'cacheonly') return;
    for (const { id, metadata } of [theirs, ours]) expect(id).toBe(metadata?.['containerimage.config.digest'] ?? metadata?.['containerimage.digest']);
  }, 60_000);

  it('an archive of two platforms for docker load is refused by both, and nothing is told', async () => {
    const args = ['--platform', two, ...tags, ...output('docker')];
    for (const { code, ...told } of [await byBuildx(args), await byStrake(args)]) {
      expect(code).not.toBe(0);
      expect(told).toEqual({ metadata: undefined, id: undefined });
    }
  }, 60_000);

  it('of files alone strake tells the image in its store, where buildx has none to tell', async () => {
    const args = ['--platform', one, ...tags, ...output('local')];
    expect(await byBuildx(args)).toEqual({ code: 1, metadata: undefined, id: undefined });
    const { metadata, id } = await byStrake(args);
    const image = await byStrake(['--platform', one, ...tags, '-o', 'type=image']);
    expect({ metadata, id }).toEqual({ metadata: image.metadata, id: image.id });
  }, 60_000);
});

/** Without what names a build of buildx's own, and the time of the export, which strake writes into no archive: the same build gives the same bytes. */
function comparable(metadata: Told['metadata'] = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('buildx.')).map(([key, value]) => [key, key.endsWith('.descriptor') ? withoutTime(value as Descriptor) : value]));
}

interface Descriptor {
  readonly annotations?: Readonly<Record<string, string>>;
}

function withoutTime({ annotations = {}, ...descriptor }: Descriptor): object {
  const kept = Object.entries(annotations).filter(([key]) => key !== 'org.opencontainers.image.created');
  return kept.length === 0 ? descriptor : { ...descriptor, annotations: Object.fromEntries(kept) };
}

/** With the digests and sizes of each builder's own layers as what they are. Of the media types an archive for docker load has, strake writes OCI's. */
function shape(metadata: Told['metadata']): unknown {
  return JSON.parse(JSON.stringify(comparable(metadata)), (key, value: unknown) => {
    if (key === 'size') return typeof value;
    if (typeof value !== 'string') return value;
    if (value === 'application/vnd.docker.distribution.manifest.v2+json') return 'application/vnd.oci.image.manifest.v1+json';
    return /^sha256:[0-9a-f]{64}$/.test(value) ? 'a digest' : value;
  }) as unknown;
}
