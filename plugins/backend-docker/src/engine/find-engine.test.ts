import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine } from './find-engine';
import { parseHost } from './parse-host';

const parsed = (host: string, tls = false): object => {
  return parseHost(host, 'a test', () => (tls ? { verify: true } : undefined));
};

test.each<[string, object]>([
  ['unix:///run/a.sock', { kind: 'socket', path: '/run/a.sock' }],
  ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }],
  ['npipe:////./pipe/x', { kind: 'socket', path: '//./pipe/x' }],
  ['tcp://one', { kind: 'tcp', host: 'one', port: 2375 }],
  ['one:99', { kind: 'tcp', host: 'one', port: 99 }],
  ['tcp://one:80', { kind: 'tcp', host: 'one', port: 80 }],
  ['tcp://[::1]:5', { kind: 'tcp', host: '::1', port: 5 }],
  ['https://one', { kind: 'tcp', host: 'one', port: 2376, tls: { verify: true } }],
  ['ssh://one', { kind: 'ssh', host: 'one' }],
  ['ssh://one/', { kind: 'ssh', host: 'one' }],
  ['ssh://one/run/a%20b.sock', { kind: 'ssh', host: 'one', socket: '/run/a b.sock' }],
  ['ssh://[::1]:22', { kind: 'ssh', host: '::1', port: 22 }],
  ['ssh://me@one:22', { kind: 'ssh', host: 'one', port: 22, user: 'me' }],
])('%s', (host, address) => {
  expect(parsed(host)).toEqual({ from: 'a test', shown: host, ...address });
});

test('TLS has a port of its own', () => {
  expect(parsed('tcp://one', true)).toMatchObject({ port: 2376, tls: { verify: true } });
});

test.each(['ftp://one', 'tcp://one/path', 'ssh://', 'ssh://me:secret@one', 'ssh://-oProxyCommand=x', 'ssh://one?query', 'ssh://one#fragment', 'tcp://one:x'])('%s is no host', (host) => {
  const refusal = (): unknown => parsed(host);
  expect(refusal).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(refusal).not.toThrow(/secret/);
});

describe('choosing', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-contexts-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const context = (name: string, endpoint: object, certificates: readonly string[] = []): void => {
    const id = createHash('sha256').update(name).digest('hex');
    mkdirSync(join(folder, 'contexts/meta', id), { recursive: true });
    writeFileSync(join(folder, 'contexts/meta', id, 'meta.json'), JSON.stringify({ Name: name, Endpoints: Object.keys(endpoint).length === 0 ? {} : { docker: endpoint } }));
    mkdirSync(join(folder, 'contexts/tls', id, 'docker'), { recursive: true });
    for (const file of certificates) writeFileSync(join(folder, 'contexts/tls', id, 'docker', file), file);
  };
  const find = (choice: Parameters<typeof findEngine>[0], env: NodeJS.ProcessEnv = {}): object => findEngine(choice, { DOCKER_CONFIG: folder, HOME: folder, ...env });

  test('an option goes before DOCKER_HOST, and that before contexts', () => {
    context('far', { Host: 'tcp://far:1' });
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: 'far' }));
    const env = { DOCKER_HOST: 'tcp://env:1', DOCKER_CONTEXT: 'none' };
    expect(find({ host: 'tcp://option:1' }, env)).toMatchObject({ host: 'option' });
    expect(find({ context: 'far' }, env)).toMatchObject({ host: 'far' });
    expect(find({}, env)).toMatchObject({ host: 'env', from: 'DOCKER_HOST' });
    expect(find({}, { DOCKER_HOST: '' })).toMatchObject({ host: 'far', from: 'the context far' });
    expect(find({}, { DOCKER_CONTEXT: 'default' })).toMatchObject({ kind: 'socket' });
  });

  test('certificates of a context, checked or not', () => {
    context('safe', { Host: 'tcp://safe:1' }, ['ca.pem', 'cert.pem', 'key.pem']);
    context('lax', { Host: 'tcp://lax:1', SkipTLSVerify: true }, ['ca.pem']);
    expect(find({ context: 'safe' })).toMatchObject({ tls: { verify: true, ca: Buffer.from('ca.pem'), key: Buffer.from('key.pem') } });
    expect(find({ context: 'lax' })).toMatchObject({ tls: { verify: false } });
    context('bare', { Host: 'tcp://bare:1', SkipTLSVerify: true });
    expect(find({ context: 'bare' })).toMatchObject({ tls: { verify: false } });
    context('plain', { Host: 'tcp://plain:1' });
    expect(find({ context: 'plain' }, { DOCKER_TLS_VERIFY: '1' })).not.toHaveProperty('tls');
  });

  test('certificates of the environment, only with DOCKER_TLS_VERIFY', () => {
    for (const file of ['ca.pem', 'cert.pem', 'key.pem']) writeFileSync(join(folder, file), file);
    const env = { DOCKER_HOST: 'tcp://one', DOCKER_CERT_PATH: folder };
    expect(find({}, env)).toMatchObject({ port: 2375 });
    expect(find({}, { ...env, DOCKER_TLS_VERIFY: '1' })).toMatchObject({ port: 2376, tls: { verify: true, cert: Buffer.from('cert.pem') } });
    expect(find({}, { ...env, DOCKER_TLS: '1' })).toMatchObject({ port: 2376, tls: { verify: false, cert: Buffer.from('cert.pem') } });
    expect(find({ tls: folder }, { DOCKER_HOST: 'tcp://one' })).toMatchObject({ tls: { key: Buffer.from('key.pem') } });
  });

  test('what is not there is refused', () => {
    context('nowhere-else', { Host: 'tcp://one' });
    context('cluster', {});
    expect(() => find({ context: 'nowhere' })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('There are: default, cluster, nowhere-else.') as unknown }));
    expect(() => find({ context: 'cluster' })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('no Docker endpoint') as unknown }));
    expect(() => find({ context: 'a', host: 'b' })).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
