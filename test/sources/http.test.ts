import type { SourceOp } from '@strake/api';
import { httpSource } from '@strake/source-http';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { startFileServer, type FileServer } from './file-server';
import { makeWorkplace, secretsOf } from './work';

const waited: number[] = [];
const provider = httpSource({ env: {}, limit: 10_000, wait: async (milliseconds) => void waited.push(milliseconds) });
const hash = (algorithm: string, text: string): string => `${algorithm}:${createHash(algorithm).update(text).digest('hex')}`;

let folder: string;
let server: FileServer;
let elsewhere: FileServer;
let number = 0;
const workplace = (more: Parameters<typeof makeWorkplace>[1] = {}): ReturnType<typeof makeWorkplace> => {
  const own = join(folder, String((number += 1)));
  mkdirSync(own);
  return makeWorkplace(own, more);
};
const http = (url: string, attributes: Readonly<Record<string, string>> = {}): SourceOp => ({ type: 'source', scheme: 'http', reference: url, attributes });

beforeAll(async () => {
  folder = makeFolder('http');
  server = await startFileServer();
  elsewhere = await startFileServer('localhost');
});
beforeEach(() => {
  for (const { answers, asked } of [server, elsewhere]) {
    answers.clear();
    asked.length = 0;
  }
  waited.length = 0;
});
afterAll(async () => {
  await server.close();
  await elsewhere.close();
  await removeFolder(folder);
});

test('a file has the name of the URL, mode 0600 and the time of the server', async () => {
  server.answers.set('/dir/a%20b?x=1', { body: 'text', headers: { 'last-modified': 'Sat, 01 Jan 2011 00:00:00 GMT' } });
  const tree = await workplace().bring(provider, http(server.url('/dir/a%20b?x=1')));
  expect(readdirSync(tree)).toEqual(['a b']);
  expect(readFileSync(join(tree, 'a b'), 'utf8')).toBe('text');
  const { mode, mtimeMs } = lstatSync(join(tree, 'a b'));
  expect([mode & 0o7777, mtimeMs]).toEqual([0o600, Date.parse('2011-01-01T00:00:00Z')]);
});

test('without a time it has none', async () => {
  server.answers.set('/a', { body: 'text' });
  expect(lstatSync(join(await workplace().bring(provider, http(server.url('/a'))), 'a')).mtimeMs).toBe(0);
  expect(server.asked).toHaveLength(1);
});

test('what a server compresses unasked is kept as what it means, and never more than may be', async () => {
  const compressed = (text: string): void => void server.answers.set('/z', { body: gzipSync(text), headers: { 'content-encoding': 'GZIP' } });
  compressed('text');
  expect(readFileSync(join(await workplace().bring(provider, http(server.url('/z'), { checksum: hash('sha256', 'text') })), 'z'), 'utf8')).toBe('text');
  expect(server.asked[0]?.headers['accept-encoding']).toBe('identity');
  compressed('0'.repeat(10_001));
  await expect(workplace().bring(provider, http(server.url('/z')))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('larger than 10000 bytes') as unknown });
});

test('what has an ETag is asked for again, and brought only when it has changed', async () => {
  const place = workplace();
  const at = (text: string, tag: string): void => void server.answers.set('/a', (request, response) => {
    const known = (request.headers['if-none-match'] ?? '').split(', ').includes(tag);
    response.writeHead(known ? 304 : 200, { etag: tag }).end(known ? undefined : text);
  });
  at('one', '"1"');
  const first = await place.resolve(provider, http(server.url('/a')));
  expect((await place.resolve(provider, http(server.url('/a')))).identity).toBe(first.identity);
  expect(server.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1", W/"1"']);
  at('two', 'W/"2"');
  const second = await place.resolve(provider, http(server.url('/a')));
  expect(second.identity).not.toBe(first.identity);
  expect(second.pinned.attributes).toMatchObject({ digest: hash('sha256', 'two') });
});

test.each(['sha256', 'sha384', 'sha512'])('a checksum by %s is asked of nobody, and verified', async (algorithm) => {
  server.answers.set('/a', { body: 'text' });
  const op = http(server.url('/a'), { checksum: hash(algorithm, 'text') });
  await workplace().resolve(provider, op);
  expect(server.asked).toEqual([]);
  expect(readdirSync(await workplace().bring(provider, op))).toEqual(['a']);
  const wrong = http(server.url('/a'), { checksum: hash(algorithm, 'other') });
  await expect(workplace().bring(provider, wrong)).rejects.toMatchObject({
    code: 'DIGEST_MISMATCH', message: `digest mismatch for ${server.url('/a')}: ${hash(algorithm, 'text')} (expected: ${hash(algorithm, 'other')})`, at: 'checksum',
  });
});

test.each(['x', 'md5:00', 'sha256:00', `sha256:${'G'.repeat(64)}`])('%s is no checksum', (checksum) => {
  expect(() => provider.check(http('http://e.org/a', { checksum }))).toThrow(expect.objectContaining({ code: 'INVALID_FLAG', at: 'checksum' }));
});

test.each([
  ['HTTP_AUTH_TOKEN_127.0.0.1', 'abc\n', 'Bearer abc'],
  ['HTTP_AUTH_HEADER_127.0.0.1', 'Basic eA==', 'Basic eA=='],
])('%s is for its host only', async (name, value, expected) => {
  elsewhere.answers.set('/b', { body: 'text' });
  server.answers.set('/a', { status: 302, headers: { location: '/c' } });
  server.answers.set('/c', { status: 307, headers: { location: elsewhere.url('/b') } });
  const tree = await workplace({ secrets: secretsOf({ [name]: value, HTTP_AUTH_TOKEN_localhost: 'no' }) }).bring(provider, http(server.url('/a')));
  expect(readdirSync(tree)).toEqual(['a']);
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([expected, expected]);
  expect(elsewhere.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test('user and password of a URL are sent, and not shown', async () => {
  const error: unknown = await workplace().resolve(provider, http(server.url('/a').replace('//', '//me:hush%21@'))).catch((thrown: unknown) => thrown);
  expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:hush!').toString('base64')}`);
  expect(String((error as Error).message)).toContain('http://xxxxx:xxxxx@');
});

test('what may be over soon is tried again', async () => {
  let tries = 0;
  server.answers.set('/a', (request, response) => {
    tries += 1;
    if (tries === 1) response.writeHead(503, { 'retry-after': '2' }).end();
    else if (tries === 2) request.socket.destroy();
    else if (tries === 3) response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy());
    else response.writeHead(200).end('whole');
  });
  const tree = await workplace().bring(provider, http(server.url('/a')));
  expect(readFileSync(join(tree, 'a'), 'utf8')).toBe('whole');
  expect(waited[0]).toBe(2000);
  expect(tries).toBe(4);
});

test('a proxy is used', async () => {
  // Every path of a proxy is a whole URL.
  server.answers.set('http://files.example.org/a', { body: 'by proxy' });
  const behind = httpSource({ env: { HTTP_PROXY: server.url('') } });
  const tree = await workplace().bring(behind, http('http://files.example.org/a'));
  expect(readFileSync(join(tree, 'a'), 'utf8')).toBe('by proxy');
});

test('a dry run leaves nothing', async () => {
  server.answers.set('/a', { body: 'text', headers: { etag: '"1"' } });
  const place = workplace({ readonly: true });
  await place.resolve(provider, http(server.url('/a')));
  expect(readdirSync(place.cacheDirectory)).toEqual([]);
});

test.each<[string, Parameters<FileServer['answers']['set']>[1], object]>([
  ['404', { status: 404 }, { code: 'SOURCE_MISSING', message: expect.stringContaining('does not exist: HTTP status 404') }],
  ['403', { status: 403 }, { code: 'SOURCE_DENIED', hint: expect.stringContaining('HTTP_AUTH_TOKEN_127.0.0.1') }],
  ['500', { status: 500 }, { code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('HTTP status 500') }],
  ['206', { status: 206 }, { code: 'SOURCE_UNREACHABLE' }],
  ['304 unasked', { status: 304 }, { code: 'SOURCE_UNREACHABLE' }],
  ['a circle', { status: 301, headers: { location: '/a' } }, { code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('more than 10 times') }],
  ['a file of this machine', { status: 301, headers: { location: 'file:///etc/passwd' } }, { code: 'SOURCE_UNREACHABLE' }],
  ['too much that is told', { body: 'x'.repeat(10_001) }, { code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('larger than 10000 bytes') }],
  ['too much that is not told', (_, response) => void response.writeHead(200, { 'transfer-encoding': 'chunked' }).end('x'.repeat(10_001)), { code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('larger') }],
])('%s is refused', async (_, answer, expected) => {
  server.answers.set('/a', answer);
  await expect(workplace().bring(provider, http(server.url('/a')))).rejects.toMatchObject(expected);
});

test('nobody there', async () => {
  await expect(workplace().resolve(provider, http('http://127.0.0.1:1/a'))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') });
});

test('a file that changes between question and answer is noticed', async () => {
  const place = workplace();
  server.answers.set('/a', { body: 'one' });
  const { pinned } = await place.resolve(provider, http(server.url('/a')));
  server.answers.set('/a', { body: 'two' });
  const other = workplace();
  const options = { cacheDirectory: other.cacheDirectory, scratch: folder, readonly: false, signal: new AbortController().signal, progress: () => undefined };
  await expect(provider.fetch(pinned, other.cacheDirectory, options)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH', hint: expect.stringContaining('during the build') });
});
