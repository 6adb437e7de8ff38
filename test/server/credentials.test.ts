import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { unmetNeed } from '../engines/need';
import { run } from '../engines/run';
import { suite } from '../engines/suite';
import { findWords } from '../run-mounts/find-words';
import { send, startServer, type StartedServer } from './start-server';

const unmet = dockerRegistryUnmet() ?? unmetNeed({ root: true, programs: ['docker'] });
const PASSWORD = 'open sesame';

suite('credentials of clients', unmet, () => {
  let started: StartedServer;
  let registry: TestRegistry;
  let name: string;

  beforeAll(async () => {
    started = await startServer();
    const users = join(started.folder, 'htpasswd');
    // "open sesame", bcrypt
    writeFileSync(users, 'me:$2b$04$1d6g01pknOoGR9/5HrcjPOnRoQ4cclElhPQod5j8h8O1DHwUesR6S\n');
    registry = await startDockerRegistry({ auth: `  htpasswd:\n    realm: test\n    path: ${users}` });
    name = `${registry.host}/app:1`;
  });

  afterAll(async () => {
    await registry.stop();
    await started.close();
  });

  const docker = (words: readonly string[], input?: string) =>
    run(['docker', ...words], { env: { DOCKER_HOST: `unix://${started.socket}`, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: join(started.folder, 'docker') }, ...(input === undefined ? {} : { input }) });
  const build = (text: string, ...words: string[]) => docker(['build', ...words, '-'], text);

  test('docker login asks the registry', async () => {
    const wrong = await docker(['login', '-u', 'me', '--password-stdin', registry.host], 'wrong');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/unauthorized/i) as unknown });
    expect(await docker(['login', '-u', 'me', '--password-stdin', registry.host], PASSWORD)).toMatchObject({ code: 0, stdout: expect.stringContaining('Login Succeeded') as unknown });
  });

  test('push, pull and FROM with the credentials of the client, not of the server', async () => {
    expect(await build('FROM scratch\nLABEL a=b\n', '-t', name)).toMatchObject({ code: 0 });
    expect(await docker(['push', name])).toMatchObject({ code: 0, stdout: expect.stringMatching(/1: digest: sha256:/) as unknown });
    await docker(['rmi', name]);
    expect(await docker(['pull', name])).toMatchObject({ code: 0, stdout: expect.stringContaining('Status: ') as unknown });
    await docker(['rmi', name]);
    expect(await build(`FROM ${name}\nLABEL c=d\n`, '--pull', '-t', 'from')).toMatchObject({ code: 0 });
  }, 60_000);

  test('are forgotten after the request', async () => {
    const post = (path: string, headers = {}) => send(started.socket, { path, method: 'POST', headers });
    const auth = Buffer.from(JSON.stringify({ username: 'me', password: PASSWORD })).toString('base64url');
    const path = `/images/create?fromImage=${registry.host}/app&tag=1`;
    expect((await post(path, { 'x-registry-auth': auth })).body).toContain('Status: ');
    expect((await post(path)).body).toMatch(/"message":"[^"]*(?:denied|credential|log in)/i);
  });

  test('are for the registry of the image alone', async () => {
    const other = await startDockerRegistry();
    const auth = Buffer.from(JSON.stringify({ username: 'me', password: PASSWORD, serveraddress: other.host })).toString('base64url');
    const body = `FROM ${other.host}/nothing:1\n`;
    await send(started.socket, { path: `/images/create?fromImage=${other.host}/nothing&tag=1`, method: 'POST', headers: { 'x-registry-auth': auth } });
    await build(body, '--pull');
    const log = other.log();
    await other.stop();
    expect(log).not.toContain(PASSWORD);
    expect(log).not.toContain(Buffer.from(`me:${PASSWORD}`).toString('base64'));
  });

  test('are in no log, and nowhere in the store', () => {
    expect(started.logs.join('')).not.toContain(PASSWORD);
    expect(findWords(join(started.folder, 'store'), [PASSWORD])).toEqual([]);
  });
});
