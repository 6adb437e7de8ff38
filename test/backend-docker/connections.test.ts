import { appendFileSync, copyFileSync, createReadStream, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'strake';
import { baseImages } from '../bases/bases';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { freePort } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { makeCertificates, makeClientCertificates } from '../registry/certificates';
import { startSshServer, type SshServer } from '../sources/ssh-server';

type Variables = Readonly<Record<string, string>>;

suite('connections to an engine', debianDockerUnmet() ?? unmetNeed({ programs: ['openssl', 'ssh', 'sshd', 'ssh-keygen', 'ssh-agent'] }), () => {
  let folder = '';
  let engine: DockerEngine;
  let server: SshServer;
  let secure = '';
  let archive = '';
  const at = (...names: readonly string[]): string => join(folder, ...names);

  beforeAll(async () => {
    folder = makeFolder('connections');
    for (const name of ['server', 'other', 'ssh', 'home', 'docker', 'context']) mkdirSync(at(name));
    writeFileSync(at('context', 'file'), 'content');
    const [{ authority, certificate, key }, port] = [await makeCertificates(at('server')), await freePort()];
    secure = `tcp://127.0.0.1:${port}`;
    engine = await startDebianDocker(['-H', secure, '--tlsverify', '--tlscacert', authority, '--tlscert', certificate, '--tlskey', key]);
    server = await startSshServer(at('ssh'));
    await makeFolders();
    archive = (await baseImages()).find(({ name }) => name === 'example.test/base:1')?.archive ?? '';
    makeSshPrograms();
  }, 120_000);

  afterAll(async () => {
    await server?.stop();
    await engine?.stop();
    await removeFolder(folder);
  }, 60_000);

  /** A folder of certificates for each way in which one can be wrong. */
  async function makeFolders(): Promise<void> {
    await makeCertificates(at('other'));
    await makeClientCertificates(at('server'), at('good'));
    await makeClientCertificates(at('other'), at('foreign'));
    for (const name of ['wrong-authority', 'no-certificate', 'no-key', 'no-pem']) cpSync(at('good'), at(name), { recursive: true });
    copyFileSync(at('other', 'ca.crt'), at('wrong-authority', 'ca.pem'));
    copyFileSync(at('good', 'ca.pem'), at('foreign', 'ca.pem'));
    for (const file of ['no-certificate/cert.pem', 'no-certificate/key.pem', 'no-key/key.pem']) rmSync(at(file));
    writeFileSync(at('no-pem', 'cert.pem'), 'text');
  }

  /** A program `ssh` for each configuration that a user could have: OpenSSH does not ask HOME for it. */
  function makeSshPrograms(): void {
    writeFileSync(at('known'), `[127.0.0.1]:${server.port} ${readFileSync(at('ssh', 'host.pub'), 'utf8')}`);
    // Whoever logs in with this key has no docker.
    appendFileSync(at('ssh', 'authorized_keys'), `command="PATH=/nowhere; $SSH_ORIGINAL_COMMAND" ${readFileSync(at('ssh', 'host.pub'), 'utf8')}`);
    const ways = { works: ['known', 'ssh/user'], unknown: ['none', 'ssh/user'], refused: ['known', 'good/key.pem'], bare: ['known', 'ssh/host'] };
    for (const [way, [known = '', key = '']] of Object.entries(ways)) {
      mkdirSync(at(way));
      writeFileSync(at(way, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F none -o UserKnownHostsFile=${at(known)} -o IdentitiesOnly=yes -o IdentityFile=${at(key)} "$@"\n`, { mode: 0o755 });
    }
  }

  const pathWith = (way: string): string => `${at(way)}:${process.env['PATH'] ?? ''}`;
  const builderWith = (env: Variables, backendOptions: Variables = {}) => createBuilder({ store: at('store'), backend: 'docker', backendOptions, env: { PATH: pathWith('works'), HOME: at('home'), DOCKER_CONFIG: at('docker'), ...env } });

  /** Asks the engine something. */
  async function ask(env: Variables, options: Variables = {}): Promise<number> {
    const builder = await builderWith(env, options);
    try {
      return (await builder.images().list()).length;
    } finally {
      await builder.close();
    }
  }

  const tls = (certificates: string): Variables => ({ DOCKER_HOST: secure, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: at(certificates) });
  const containing = (text: string): unknown => expect.stringContaining(text);

  it.each([['TLS', () => tls('good')], ['SSH', () => ({ DOCKER_HOST: `ssh://root@127.0.0.1:${server.port}${engine.host.slice('unix://'.length)}` })]])('builds through %s', async (_way, env) => {
    const builder = await builderWith(env());
    const printed: string[] = [];
    try {
      if ((await builder.images().list()).length === 0) await builder.images().load(createReadStream(archive), { signal: new AbortController().signal });
      const text = 'FROM example.test/base:1\nCOPY file /a\nRUN cat /a; cat\n';
      await builder.build({ context: at('context'), dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, onEvent: (event) => void (event.type === 'log' && printed.push(event.data.toString())) });
    } finally {
      await builder.close();
    }
    expect(printed.join('')).toBe('content');
    expect(await mustRun([debianDockerClient, '-H', engine.host, 'ps', '-aq'])).toBe('');
  }, 60_000);

  it.each([
    ['wrong-authority', 'ENGINE_UNREACHABLE', 'its certificate is not trusted'],
    ['no-certificate', 'ENGINE_UNREACHABLE', 'it wants a client certificate'],
    ['foreign', 'ENGINE_UNREACHABLE', 'it does not accept the client certificate'],
    ['no-key', 'CONFIG_INVALID', 'there is no key.pem in'],
    ['no-pem', 'CONFIG_INVALID', 'cannot be used'],
    ['absent', 'CONFIG_INVALID', 'there is no ca.pem in'],
  ])('TLS with the folder %s', async (name, code, why) => {
    await expect(ask(tls(name))).rejects.toMatchObject({ code, message: containing(why) });
  });

  it('TLS on one side alone', async () => {
    await expect(ask({ DOCKER_HOST: secure })).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', message: containing('HTTP request to an HTTPS server'), hint: containing('DOCKER_TLS_VERIFY=1') });
    await expect(ask({ ...tls('good'), DOCKER_HOST: `tcp://127.0.0.1:${server.port}` })).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', message: containing('it does not speak TLS') });
  });

  it.each([
    ['unknown', 'Host key verification failed', 'known_hosts'],
    ['refused', 'Permission denied', 'ssh-add'],
    ['bare', 'not found', 'docker has to be installed there'],
  ])('SSH where it is %s', async (way, why, hint) => {
    const env = { PATH: pathWith(way), DOCKER_HOST: `ssh://root@127.0.0.1:${server.port}` };
    await expect(ask(env)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', message: containing(why), hint: containing(hint) });
  });

  it('contexts, and what goes before what', async () => {
    const docker = (...args: readonly string[]): Promise<string> => mustRun([debianDockerClient, 'context', ...args], { env: { DOCKER_CONFIG: at('docker'), DOCKER_HOST: '', DOCKER_CONTEXT: '' } });
    const pem = (name: string): string => at('good', `${name}.pem`);
    await docker('create', 'far', '--docker', `host=${secure},ca=${pem('ca')},cert=${pem('cert')},key=${pem('key')}`);
    await docker('create', 'lost', '--docker', 'host=unix:///nowhere/lost.sock');
    await docker('use', 'far');
    const lost = { code: 'ENGINE_UNREACHABLE', message: containing('/nowhere/') };
    await expect(ask({})).resolves.toEqual(expect.any(Number));
    await expect(ask({ DOCKER_CONTEXT: 'lost' })).rejects.toMatchObject(lost);
    await expect(ask({ DOCKER_CONTEXT: 'lost', DOCKER_HOST: engine.host })).resolves.toEqual(expect.any(Number));
    await expect(ask({ DOCKER_HOST: 'unix:///nowhere/s' }, { context: 'far' })).resolves.toEqual(expect.any(Number));
    await expect(ask({ DOCKER_HOST: engine.host, DOCKER_CONTEXT: 'far' }, { host: 'unix:///nowhere/s' })).rejects.toMatchObject(lost);
    await expect(ask({ DOCKER_CONTEXT: 'fat' })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: containing('"fat" (named by DOCKER_CONTEXT)'), hint: 'Did you mean far? There are: default, far, lost.' });
  }, 60_000);
});
