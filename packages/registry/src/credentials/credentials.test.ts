import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials } from './credentials';

let home: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strake-credentials-'));
  mkdirSync(join(home, '.docker'));
  env = { HOME: home, PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}` };
});

afterEach(() => rmSync(home, { recursive: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const write = (config: unknown, path = join(home, '.docker/config.json')): void => writeFileSync(path, JSON.stringify(config));
const password = (username: string, secret = 'secret'): object => ({ kind: 'password', username, password: secret });

/** A helper that keeps one secret a file and logs what it is asked. */
function helper(name: string): void {
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(join(home, 'kept'), { recursive: true });
  const path = join(home, 'bin', `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh
input=$(cat)
echo "$1 $input" >> ${home}/asked
file() { echo "${home}/kept/$(printf %s "$1" | tr '/:' '__')"; }
case $1 in
  get) cat "$(file "$input")" 2>/dev/null || { echo "credentials not found in native keychain"; exit 1; } ;;
  store) printf %s "$input" > "$(file "$(printf %s "$input" | sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/')")" ;;
  erase) rm "$(file "$input")" ;;
esac
`);
  chmodSync(path, 0o755);
}

test.each([
  ['registry.test', 'registry.test', 'registry.test'],
  ['https://registry.test', 'registry.test', 'registry.test'],
  ['https://registry.test/v2/', 'registry.test', 'registry.test'],
  ['https://index.docker.io/v1/', 'docker.io', 'docker.io'],
  ['docker.io', 'docker.io', 'docker.io'],
  ['registry.test:5000', 'registry.test:5000', 'registry.test:5000'],
])('the entry %s is for %s', async (key, registry) => {
  write({ auths: { [key]: { auth: base64('me:se:cret') } } });
  await expect(new Credentials(env).get(registry)).resolves.toEqual(password('me', 'se:cret'));
});

test.each([['other.test'], ['registry.test:5000'], ['sub.registry.test'], ['registry.test.evil.test'], ['docker.io']])('no other host gets it: %s', async (registry) => {
  write({ auths: { 'registry.test': { auth: base64('me:secret') } } });
  await expect(new Credentials(env).get(registry)).resolves.toBeUndefined();
});

test('tokens, and the longest path that fits', async () => {
  write({
    auths: {
      'identity.test': { auth: base64('<token>:'), identitytoken: 'refresh' },
      'bearer.test': { registrytoken: 'bearer' },
      'paths.test': { auth: base64('all:secret') },
      'paths.test/team': { auth: base64('team:secret') },
      'paths.test/team/app': { username: 'app', password: 'secret' },
    },
  });
  const credentials = new Credentials(env);
  await expect(credentials.get('identity.test')).resolves.toEqual({ kind: 'identity', token: 'refresh' });
  await expect(credentials.get('bearer.test')).resolves.toEqual({ kind: 'bearer', token: 'bearer' });
  await expect(credentials.get('paths.test', 'team/app')).resolves.toEqual(password('app'));
  await expect(credentials.get('paths.test', 'team/application')).resolves.toEqual(password('team'));
  await expect(credentials.get('paths.test', 'teams')).resolves.toEqual(password('all'));
});

test('REGISTRY_AUTH_FILE goes before DOCKER_CONFIG, that before the home folder', async () => {
  write({ auths: { 'registry.test': { auth: base64('home:secret') } } });
  mkdirSync(join(home, 'docker'));
  write({ auths: { 'registry.test': { auth: base64('config:secret') } } }, join(home, 'docker/config.json'));
  write({ auths: { 'registry.test': { auth: base64('file:secret') } } }, join(home, 'auth.json'));
  await expect(new Credentials(env).get('registry.test')).resolves.toEqual(password('home'));
  await expect(new Credentials({ ...env, DOCKER_CONFIG: join(home, 'docker') }).get('registry.test')).resolves.toEqual(password('config'));
  await expect(new Credentials({ ...env, DOCKER_CONFIG: join(home, 'docker'), REGISTRY_AUTH_FILE: join(home, 'auth.json') }).get('registry.test')).resolves.toEqual(password('file'));
});

test('helpers: the one of the host, else the store, else the file; each asked once', async () => {
  helper('own');
  helper('all');
  write({ credHelpers: { 'own.test': 'own' }, credsStore: 'all', auths: { 'file.test': { auth: base64('file:secret') } } });
  writeFileSync(join(home, 'kept/own.test'), '{"Username":"own","Secret":"secret"}');
  writeFileSync(join(home, 'kept/https___index.docker.io_v1_'), '{"Username":"<token>","Secret":"refresh"}');
  const credentials = new Credentials(env);
  await expect(credentials.get('own.test')).resolves.toEqual(password('own'));
  await expect(credentials.get('own.test')).resolves.toEqual(password('own'));
  await expect(credentials.get('docker.io')).resolves.toEqual({ kind: 'identity', token: 'refresh' });
  await expect(credentials.get('file.test')).resolves.toEqual(password('file'));
  expect(readFileSync(join(home, 'asked'), 'utf8').split('\n')).toEqual(['get own.test', 'get https://index.docker.io/v1/', 'get file.test', '']);
});

test.each([['missing', 'missing'], ['../../bin/sh', 'no name']])('a helper that is not there is named: %s', async (name, message) => {
  write({ credsStore: name });
  await expect(new Credentials(env).get('registry.test')).rejects.toMatchObject({ code: 'REGISTRY_DENIED', message: expect.stringContaining(message) as unknown });
});

test('without a helper it is kept in the file, for the owner alone, and nothing else changes', async () => {
  const path = join(home, '.docker/config.json');
  write({ HttpHeaders: { a: 'b' }, auths: { 'other.test': { auth: 'eDp5' }, 'https://registry.test': { auth: 'b2xkOm9sZA==' } } });
  chmodSync(path, 0o644);
  const credentials = new Credentials(env);
  await expect(credentials.set('registry.test', { kind: 'password', username: 'me', password: 'secret' })).resolves.toEqual({ file: path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ HttpHeaders: { a: 'b' }, auths: { 'other.test': { auth: 'eDp5' }, 'registry.test': { auth: base64('me:secret') } } });
  await expect(credentials.delete('registry.test')).resolves.toBe(true);
  await expect(credentials.delete('registry.test')).resolves.toBe(false);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ auths: { 'other.test': { auth: 'eDp5' } } });
});

test('with a helper the secret is with the helper only', async () => {
  helper('all');
  write({ credsStore: 'all' });
  const credentials = new Credentials(env);
  await expect(credentials.set('docker.io', { kind: 'password', username: 'me', password: 'very secret' })).resolves.toMatchObject({ helper: 'all' });
  expect(readFileSync(join(home, '.docker/config.json'), 'utf8')).not.toContain(base64('me:very secret'));
  await expect(credentials.get('docker.io')).resolves.toEqual(password('me', 'very secret'));
  await expect(credentials.delete('docker.io')).resolves.toBe(true);
  await expect(credentials.get('docker.io')).resolves.toBeUndefined();
});

test('a file that is a link stays one', async () => {
  write({}, join(home, 'elsewhere.json'));
  symlinkSync(join(home, 'elsewhere.json'), join(home, '.docker/config.json'));
  await new Credentials(env).set('registry.test', { kind: 'password', username: 'me', password: 'secret' });
  expect(readFileSync(join(home, 'elsewhere.json'), 'utf8')).toContain('registry.test');
});

test('a file that cannot be read is named without its text', async () => {
  writeFileSync(join(home, '.docker/config.json'), '{"auths": {"registry.test": {"auth": "c2VjcmV0"');
  await expect(new Credentials(env).get('registry.test')).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('c2VjcmV0') as unknown });
});
