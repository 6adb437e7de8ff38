import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseImages } from '../bases/bases';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import type { TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { registries } from '../engines/registries';
import { mustRun, run, type Finished } from '../engines/run';
import { suite } from '../engines/suite';

const toolsUnmet = strakeUnmet() ?? unmetNeed({ root: true, programs: ['skopeo', 'buildah', 'busybox', 'setcap'] });

for (const { name: maker, unmet, start } of registries) suite(`what other tools push to and pull from ${maker}`, toolsUnmet ?? unmet(), () => {
  let folder: string;
  let registry: TestRegistry;
  let docker: DockerEngine | undefined;
  let archive: string;
  let stores = 0;
  const strake = (...args: readonly string[]): Promise<Finished> => run([...strakeCommand, '--store', join(folder, `store${stores}`), ...args], { env: { HOME: folder } });
  const digestOf = async (name: string): Promise<string> => createHash('sha256').update(await mustRun(['skopeo', 'inspect', '--raw', '--tls-verify=false', `docker://${registry.host}/${name}`])).digest('hex');
  const storage = (): readonly string[] => ['--root', join(folder, 'buildah'), '--runroot', join(folder, 'buildah-run'), '--storage-driver', 'overlay'];

  beforeAll(async () => {
    folder = makeFolder('peers');
    registry = await start();
    const bases = await baseImages();
    archive = bases.find(({ name }) => name === 'example.test/layers:1')?.archive ?? '';
    if (debianDockerUnmet() === undefined) docker = await startDebianDocker();
  }, 60_000);

  afterAll(async () => {
    await docker?.stop();
    await registry.stop();
    await removeFolder(folder);
  }, 60_000);

  /** Pulls with strake, pushes to another name, and compares the manifests byte by byte. */
  async function returned(name: string): Promise<void> {
    stores += 1;
    const there = `${registry.host}/${name}`;
    expect(await strake('pull', '-q', there)).toMatchObject({ code: 0, stdout: `${there}\n` });
    expect(await strake('tag', there, `${registry.host}/again/${name}`)).toMatchObject({ code: 0 });
    expect(await strake('push', '-q', `${registry.host}/again/${name}`)).toMatchObject({ code: 0 });
    expect(await digestOf(`again/${name}`)).toBe(await digestOf(name));
    expect(await strake('copy', '-q', there, `${registry.host}/copied/${name}`)).toMatchObject({ code: 0, stdout: `sha256:${await digestOf(name)}\n` });
    expect(await digestOf(`copied/${name}`)).toBe(await digestOf(name));
  }

  test.each(['oci', 'v2s2'])('skopeo pushes %s', async (format) => {
    await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', '--format', format, '--dest-tls-verify=false', `docker-archive:${archive}:example.test/layers:1`, `docker://${registry.host}/skopeo:${format}`]);
    await returned(`skopeo:${format}`);
  });

  test('buildah builds and pushes', async () => {
    mkdirSync(join(folder, 'context'));
    writeFileSync(join(folder, 'context/Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\nLABEL a=b\n');
    await mustRun(['buildah', ...storage(), 'build', '--isolation', 'chroot', '-t', 'made', join(folder, 'context')]);
    await mustRun(['buildah', ...storage(), 'push', '-q', '--tls-verify=false', 'made', `docker://${registry.host}/buildah:1`]);
    await returned('buildah:1');
  });

  test('the Docker Engine pushes, and pulls what strake has built and pushed', async () => {
    if (docker === undefined) return expect(debianDockerUnmet()).toBeDefined();
    const env = { DOCKER_HOST: docker.host, DOCKER_CONFIG: folder };
    await mustRun([debianDockerClient, 'load', '-i', archive], { env });
    await mustRun([debianDockerClient, 'tag', 'example.test/layers:1', `${registry.host}/docker:1`], { env });
    await mustRun([debianDockerClient, 'push', '-q', `${registry.host}/docker:1`], { env });
    await returned('docker:1');
    mkdirSync(join(folder, 'onto'));
    writeFileSync(join(folder, 'onto/Dockerfile'), `FROM ${registry.host}/docker:1\nCOPY Dockerfile /new\nCMD ["/bin/sh"]\n`);
    expect(await strake('build', '-t', `${registry.host}/built:1`, join(folder, 'onto'))).toMatchObject({ code: 0 });
    expect(await strake('push', `${registry.host}/built:1`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1: digest: sha256:[0-9a-f]{64} size: \d+\n$/) as unknown });
    await mustRun([debianDockerClient, 'pull', '-q', `${registry.host}/built:1`], { env });
    // The layers of the base are those that docker pushed, not compressed anew.
    const layersOf = async (name: string): Promise<readonly string[]> => (JSON.parse(await mustRun(['skopeo', 'inspect', '--raw', '--tls-verify=false', `docker://${registry.host}/${name}`])) as { layers: { digest: string }[] }).layers.map(({ digest }) => digest);
    expect((await layersOf('built:1')).slice(0, -1)).toEqual(await layersOf('docker:1'));
  }, 120_000);

  test('layouts: skopeo reads what strake copies out, strake what skopeo writes', async () => {
    await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', '--format', 'oci', '--dest-tls-verify=false', `docker-archive:${archive}:example.test/layers:1`, `docker://${registry.host}/layout:1`]);
    expect(await strake('copy', `docker://${registry.host}/layout:1`, `oci-layout://${join(folder, 'out')}:v1`)).toMatchObject({ code: 0 });
    await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', '--dest-tls-verify=false', `oci:${join(folder, 'out')}:v1`, `docker://${registry.host}/layout:2`]);
    expect(await digestOf('layout:2')).toBe(await digestOf('layout:1'));
    await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', '--src-tls-verify=false', `docker://${registry.host}/layout:1`, `oci:${join(folder, 'in')}:v1`]);
    expect(await strake('copy', `oci:${join(folder, 'in')}:v1`, `${registry.host}/layout:3`)).toMatchObject({ code: 0 });
    expect(await digestOf('layout:3')).toBe(await digestOf('layout:1'));
    expect(await strake('copy', `oci:${join(folder, 'in')}:other`, `${registry.host}/layout:4`)).toMatchObject({ code: 1, stderr: expect.stringContaining('Name one: v1') as unknown });
  });

  test('what is damaged in a layout does not arrive', async () => {
    const context = join(folder, 'noise');
    mkdirSync(context);
    writeFileSync(join(context, 'noise'), randomBytes(100_000));
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY noise /\n');
    const layout = join(folder, 'damaged');
    expect(await strake('build', '-q', '-o', `type=oci,tar=false,dest=${layout}`, context)).toMatchObject({ code: 0 });
    const blobs = readdirSync(join(layout, 'blobs/sha256')).map((name) => join(layout, 'blobs/sha256', name));
    const layer = blobs.find((file) => readFileSync(file).length > 90_000) ?? '';
    writeFileSync(layer, Buffer.alloc(readFileSync(layer).length));
    expect(await strake('copy', `oci:${layout}`, `${registry.host}/damaged:1`)).toMatchObject({ code: 1, stderr: expect.stringContaining('expected sha256:') as unknown });
    await expect(digestOf('damaged:1')).rejects.toThrow();
  });
});
