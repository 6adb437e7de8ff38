import { join } from 'node:path';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { strakeUnmet } from '../builders/strake';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { unmetNeed } from '../engines/need';
import { newestRootUnmet } from '../engines/newest-root';
import { startNewestDocker } from '../engines/newest-docker';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';

const dockerfile = [
  'FROM example.test/base:1 AS build',
  'RUN echo built > /built && mkdir -p /d/e && ln /built /d/hard && ln -s ../built /d/soft',
  'FROM example.test/base:1',
  'COPY --from=build /built /d /out/',
  'RUN rm /etc/motd && chown -R app:webs /out',
  'USER app',
  'CMD ["/bin/sh", "-c", "cat /out/built && id -un && ls /etc/motd || echo gone"]',
].join('\n');

const prints = 'built\napp\ngone\n';
const unmet = strakeUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'setcap'] });

let store: StrakeStore | undefined;

/** Builds the image once per form and gives the archive. */
async function archive(type: 'oci' | 'docker', compression = 'none'): Promise<string> {
  store ??= await openStrakeStore('acceptance', { bases: true });
  const context = store.context('context', { Dockerfile: dockerfile });
  const path = join(store.folder, `${type}-${compression}.tar`);
  const built = await store.strake(['build', '--network', 'none', '-t', 'example.test/accepted:1', '-o', `type=${type},dest=${path},compression=${compression},force-compression=true,annotation.kind=${compression}`, context]);
  expect(built).toMatchObject({ code: 0 });
  return path;
}

afterAll(async () => store?.close(), 60_000);

suite('skopeo accepts exported images', unmet ?? unmetNeed({ programs: ['skopeo'] }), () => {
  it.each([['oci', 'oci-archive', 'none'], ['oci', 'oci-archive', 'gzip'], ['oci', 'oci-archive', 'zstd'], ['docker', 'docker-archive', 'none']] as const)('of type %s, by %s, compression %s', async (type, transport, compression) => {
    const path = await archive(type, compression);
    if (type === 'oci') expect(JSON.parse(await mustRun(['skopeo', 'inspect', '--raw', `${transport}:${path}`]))).toMatchObject({ annotations: { kind: compression } });
    const config = JSON.parse(await mustRun(['skopeo', 'inspect', '--config', `${transport}:${path}`])) as { config: { User: string } };
    expect(config.config.User).toBe('app');
    await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', `${transport}:${path}`, `dir:${path}.dir`]);
  }, 120_000);
});

suite('an image of several platforms', unmet ?? unmetNeed({ programs: ['skopeo'] }), () => {
  const platforms = ['--platform', 'linux/amd64,linux/arm64'];
  const text = 'FROM scratch\nARG TARGETARCH\nCOPY Dockerfile /$TARGETARCH\n';

  it.each(['gzip', 'zstd'])('is taken whole and in part by skopeo, compression %s', async (compression) => {
    store ??= await openStrakeStore('acceptance', { bases: true });
    const context = store.context('several', { Dockerfile: text });
    const layout = join(store.folder, `several-${compression}`);
    const built = await store.strake(['build', ...platforms, '--annotation', 'index:kind=several', '-t', 'example.test/several:1', '-o', `type=oci,dest=${layout},tar=false,compression=${compression}`, context]);
    expect(built).toMatchObject({ code: 0 });
    const index = JSON.parse(await mustRun(['skopeo', 'inspect', '--raw', `oci:${layout}:1`])) as { annotations: object; manifests: { platform: { architecture: string } }[] };
    expect(index.annotations).toEqual({ kind: 'several' });
    expect(index.manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64']);
    await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', '--all', `oci:${layout}:1`, `dir:${layout}.dir`]);
    const config = JSON.parse(await mustRun(['skopeo', '--override-arch', 'arm64', 'inspect', '--config', `oci:${layout}:1`])) as { architecture: string };
    expect(config.architecture).toBe('arm64');
  }, 120_000);
});

suite('umoci accepts exported images', unmet ?? unmetNeed({ programs: ['umoci', 'tar'] }), () => {
  // Debian's umoci knows no zstd.
  it.each(['none', 'gzip'])('unpacks one to a root file system, compression %s', async (compression) => {
    const path = await archive('oci', compression);
    await mustRun(['bash', '-euc', 'mkdir "$1.layout"; tar -xf "$1" -C "$1.layout"', '-', path]);
    const tags = (await mustRun(['umoci', 'ls', '--layout', `${path}.layout`])).trim().split('\n');
    await mustRun(['umoci', 'unpack', '--image', `${path}.layout:${tags[0]}`, `${path}.bundle`]);
    expect(await mustRun(['cat', `${path}.bundle/rootfs/out/built`])).toBe('built\n');
  }, 120_000);
});

function dockerSuite(name: string, engineUnmet: string | undefined, start: () => Promise<DockerEngine>): void {
  suite(`${name} accepts exported images`, unmet ?? engineUnmet, () => {
    let engine: DockerEngine;
    beforeAll(async () => { engine = await start(); }, 60_000);
    afterAll(() => engine.stop(), 60_000);

    it.each([['docker', 'none'], ['docker', 'gzip'], ['docker', 'zstd'], ['oci', 'gzip']] as const)('loads one of type %s, compression %s, and runs a container', async (type, compression) => {
      const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder };
      const loaded = await mustRun([debianDockerClient, 'load', '-i', await archive(type, compression)], { env });
      const image = /Loaded image(?: ID)?: (\S+)/.exec(loaded)?.[1] ?? 'nothing';
      expect(await mustRun([debianDockerClient, 'run', '--rm', '--network', 'none', image], { env })).toBe(prints);
    }, 120_000);

    it('gets one by --load, and is only told its name the next time', async () => {
      await archive('docker');
      const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder };
      const context = (store as StrakeStore).context('loaded', { Dockerfile: dockerfile });
      for (const name of ['example.test/loaded:1', 'example.test/loaded:2']) {
        const built = await (store as StrakeStore).strake(['build', '--network', 'none', '-t', name, '--load', context], { env });
        expect(built).toMatchObject({ code: 0 });
        expect(await mustRun([debianDockerClient, 'run', '--rm', '--network', 'none', name], { env })).toBe(prints);
      }
    }, 120_000);
  });
}

dockerSuite("Debian's Docker Engine", debianDockerUnmet(), () => startDebianDocker());
dockerSuite('the newest Docker Engine', newestRootUnmet() ?? unmetNeed({ programs: ['docker'] }), () => startNewestDocker());
