import { basename, join } from 'node:path';
import { strakeUnmet } from '../builders/strake';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { unmetNeed } from '../engines/need';
import { inNewestRoot } from '../engines/newest-docker';
import { newestToolUnmet } from '../engines/newest-root';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';

const unmet = strakeUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'setcap'] });
const name = 'example.test/read:1';
const dockerfile = `FROM example.test/base:1
RUN echo built > /built && ln /built /hard && ln -s built /soft && rm /etc/motd
USER app
`;
/** Looks into the mounted image `$1`. */
const look = 'cat "$1/built" "$1/hard"; readlink "$1/soft"; stat -c %h "$1/hard"; test -e "$1/etc/motd" || echo gone';
const seen = 'built\nbuilt\nbuilt\n2\ngone\n';

let store: StrakeStore | undefined;
let registry: TestRegistry | undefined;

afterAll(async () => {
  await store?.close();
  await registry?.stop();
}, 60_000);

const forms = [
  ['oci-archive', 'oci', 'none'], ['oci-archive', 'oci', 'gzip'], ['oci-archive', 'oci', 'zstd'],
  ['oci', 'oci', 'gzip'], ['oci', 'oci', 'zstd'],
  ['docker-archive', 'docker', 'none'], ['docker-archive', 'docker', 'gzip'],
] as const;

const made = new Map<string, Promise<string>>();

/** Builds once for each form; answers what containers' tools call it. */
function exported(transport: string, type: string, compression: string): Promise<string> {
  const key = `${transport} ${compression}`;
  const one = made.get(key) ?? build(transport, type, compression);
  made.set(key, one);
  return one;
}

async function build(transport: string, type: string, compression: string): Promise<string> {
  store ??= await openStrakeStore('containers', { bases: true });
  const context = store.context('context', { Dockerfile: dockerfile });
  const dest = join(store.folder, `${transport}-${compression}`);
  const folder = transport === 'oci' ? ',tar=false' : '';
  expect(await store.strake(['build', '--network', 'none', '-t', name, '-o', `type=${type},dest=${dest}${folder},compression=${compression},force-compression=true`, context])).toMatchObject({ code: 0 });
  // Seen from the store's folder: an older buildah names an image after its layout's path, which must be in lower case then.
  return transport === 'oci' ? `oci:${basename(dest)}` : `${transport}:${dest}`;
}

/** Two platforms in one layout; its name in the store's folder. */
async function several(compression: string): Promise<string> {
  store ??= await openStrakeStore('containers', { bases: true });
  const context = store.context('several', { Dockerfile: 'FROM scratch\nARG TARGETARCH\nCOPY Dockerfile /$TARGETARCH\nLABEL arch=$TARGETARCH\n' });
  const dest = join(store.folder, `several-${compression}`);
  expect(await store.strake(['build', '--platform', 'linux/amd64,linux/arm64', '-t', 'example.test/several:1', '-o', `type=oci,dest=${dest},tar=false,compression=${compression}`, context])).toMatchObject({ code: 0 });
  return basename(dest);
}

async function pushed(compression: string): Promise<string> {
  registry ??= await startDockerRegistry();
  const reference = `${registry.host}/read:${compression}`;
  const context = (store as StrakeStore).context('context', { Dockerfile: dockerfile });
  expect(await (store as StrakeStore).strake(['build', '--network', 'none', '-o', `type=registry,name=${reference},compression=${compression},force-compression=true`, context])).toMatchObject({ code: 0 });
  return reference;
}

/** A tool with a storage of its own; `within` is how a command is run where it lives. */
interface Tool {
  readonly title: string;
  readonly unmet: string | undefined;
  readonly within: (command: readonly string[]) => readonly string[];
}

const host = (command: readonly string[]): readonly string[] => ['env', '-C', (store as StrakeStore).folder, ...command];
const newest = (command: readonly string[]): readonly string[] => inNewestRoot((store as StrakeStore).folder, host(command));
const storage = (tool: string): readonly string[] => ['--root', join((store as StrakeStore).folder, tool), '--runroot', join((store as StrakeStore).folder, `${tool}-run`), '--storage-driver', 'overlay'];

const buildahs: readonly Tool[] = [
  { title: "Debian's buildah", unmet: unmetNeed({ programs: ['buildah'] }), within: host },
  { title: 'the newest buildah', unmet: newestToolUnmet(), within: newest },
];

for (const [at, { title, unmet: toolUnmet, within }] of buildahs.entries()) suite(`${title} reads what is exported and pushed`, unmet ?? toolUnmet, () => {
  const key = title.replace(/\W/g, '');
  const buildah = (args: readonly string[]): Promise<string> => mustRun([...within(['buildah', ...storage(key), ...args])]);
  /** A container of an image: its config, and its files. Mounts end with the shell where the tool has a mount namespace of its own. */
  async function isRight(reference: string): Promise<void> {
    const container = (await buildah(['from', '--pull-never', reference])).trim();
    expect((await buildah(['inspect', '--format', '{{.OCIv1.Config.User}}', container])).trim()).toBe('app');
    const script = `set -e; m=$("$@" mount ${container}); set -- "$m"; ${look}; umount "$m" || true`;
    expect(await mustRun([...within(['sh', '-c', script, '-', 'buildah', ...storage(key)])])).toBe(seen);
    await buildah(['rm', container]);
  }

  // What the two read alike is read by one of them.
  it.each(forms.filter(([, , compression], index) => compression === 'zstd' || index % buildahs.length === at))('%s of type %s, compression %s', async (transport, type, compression) => {
    const source = await exported(transport, type, compression);
    const id = (await buildah(['pull', '-q', source])).trim();
    await isRight(id);
    await buildah(['rmi', '-f', id]);
  }, 120_000);

  it.each(['gzip', 'zstd'])('one platform of several, compression %s', async (compression) => {
    const layout = await several(compression);
    for (const arch of ['amd64', 'arm64']) {
      const id = (await buildah(['pull', '-q', '--arch', arch, `oci:${layout}:1`])).trim();
      expect((await buildah(['inspect', '--type', 'image', '--format', '{{.OCIv1.Config.Labels.arch}}', id])).trim()).toBe(arch);
    }
  }, 120_000);

  (dockerRegistryUnmet() === undefined ? it : it.skip).each(['gzip', 'zstd'])('pushed, compression %s', async (compression) => {
    await exported('oci-archive', 'oci', 'gzip');
    const id = (await buildah(['pull', '-q', '--tls-verify=false', `docker://${await pushed(compression)}`])).trim();
    await isRight(id);
    await buildah(['rmi', '-f', id]);
  }, 120_000);
});

suite('the newest podman loads what is exported', unmet ?? newestToolUnmet(), () => {
  let command: readonly string[];
  const podman = (args: readonly string[]): Promise<string> => mustRun([...newest([...(command = ['podman', ...storage('podman'), '--cgroup-manager', 'cgroupfs', '--events-backend', 'file']), ...args])]);

  it.each(forms.filter(([transport]) => transport !== 'oci'))('%s of type %s, compression %s', async (transport, type, compression) => {
    const source = await exported(transport, type, compression);
    const loaded = await podman(['load', '-q', '-i', source.slice(transport.length + 1)]);
    expect(loaded).toContain(`Loaded image: ${name}`);
    expect((await podman(['image', 'inspect', '--format', '{{.Config.User}}', name])).trim()).toBe('app');
    const script = `set -e; m=$("$@" image mount ${name}); set -- "$m"; ${look}`;
    expect(await mustRun([...newest(['sh', '-c', script, '-', ...command])])).toBe(seen);
    await podman(['rmi', '-f', name]);
  }, 120_000);
});
