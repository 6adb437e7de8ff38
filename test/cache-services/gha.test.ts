import type { CacheReader, CacheWriter } from '@strake/api';
import { OperatorError } from '@strake/api';
import { ghaCache } from '@strake/cache-gha';
import { blobOf, collect, descriptorOf, failureOf, never, someBytes } from './blobs';
import { startGha, type GhaServer, type GhaServerOptions } from './gha-server/gha-server';
import { runnerToken } from './gha-server/runner-token';

const waits: number[] = [];
const place = ghaCache({ wait: async (milliseconds) => void waits.push(milliseconds) });
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  waits.splice(0);
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: GhaServerOptions = {}): Promise<GhaServer> {
  const server = await startGha(options);
  closing.push(() => server.stop());
  return server;
}

/** As a runner's environment has it. */
function envOf({ url, token }: Pick<GhaServer, 'url' | 'token'>): NodeJS.ProcessEnv {
  return { ACTIONS_RESULTS_URL: `${url}/`, ACTIONS_RUNTIME_TOKEN: token, ACTIONS_CACHE_SERVICE_V2: 'True', GITHUB_API_URL: `${url}/api` };
}

function writer(server: Pick<GhaServer, 'url' | 'token'>, attributes: Readonly<Record<string, string>> = {}): CacheWriter {
  const made = place.to?.open(attributes, { cwd: '/', env: envOf(server) });
  if (made === undefined) throw new Error('nothing can be written');
  closing.push(async () => made.close?.());
  return made;
}

function reader(server: Pick<GhaServer, 'url' | 'token'>, attributes: Readonly<Record<string, string>> = {}): CacheReader {
  const made = place.from?.open(attributes, { cwd: '/', env: envOf(server) });
  if (made === undefined) throw new Error('nothing can be read');
  closing.push(async () => made.close?.());
  return made;
}

const document = Buffer.from('{"steps":[]}');

describe.each([['the second version', {}], ['the first version', { version: '1' }]] as const)('a cache in %s of the service', (_, version) => {
  test('what is put is read again; what is there is not sent again', async () => {
    const server = await start();
    const bytes = someBytes(300_000);
    const to = writer(server, version);
    expect(await to.put(blobOf(bytes), never)).toBe('done');
    const again = blobOf(bytes);
    expect(await to.put(again, never)).toBe('exists');
    expect(again.opened()).toBe(0);
    await to.commit(document, [descriptorOf(bytes)], never);
    const from = reader(server, version);
    expect(await from.read(never)).toEqual([document]);
    expect(bytes.equals(await collect(from.open(descriptorOf(bytes), never)))).toBe(true);
  });

  test('entries never change: the newest document is read', async () => {
    const server = await start();
    for (const text of ['first', 'second', 'third']) await writer(server, version).commit(Buffer.from(text), [], never);
    expect(await reader(server, version).read(never)).toEqual([Buffer.from('third')]);
    expect(new Set(server.entries.all.map(({ key }) => key)).size).toBe(3);
  });

  test('a large layer goes in pieces', async () => {
    const server = await start();
    const bytes = someBytes((32 << 20) + 5);
    await writer(server, version).put(blobOf(bytes), never);
    expect(bytes.equals(await collect(reader(server, version).open(descriptorOf(bytes), never)))).toBe(true);
  });

  test('a layer that fails on its way is never seen, and the next one is', async () => {
    const server = await start();
    const bytes = someBytes(300_000);
    const wrong = new OperatorError('DIGEST_MISMATCH', 'it is another');
    await expect(writer(server, version).put(blobOf(bytes, wrong), never)).rejects.toBe(wrong);
    await expect(collect(reader(server, version).open(descriptorOf(bytes), never))).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
    // Its key is taken for ever.
    expect(await writer(server, version).put(blobOf(bytes), never)).toBe('done');
    expect(await writer(server, version).put(blobOf(bytes), never)).toBe('exists');
    expect(bytes.equals(await collect(reader(server, version).open(descriptorOf(bytes), never)))).toBe(true);
  });

  test('scopes are apart; none has a cache at first', async () => {
    const server = await start();
    await writer(server, { ...version, scope: 'app' }).commit(document, [], never);
    expect(await reader(server, version).read(never)).toEqual([]);
    expect(await reader(server, { ...version, scope: 'app' }).read(never)).toEqual([document]);
    expect(reader(server, { ...version, scope: 'app' }).name).toBe('gha app');
  });
});

describe('branches', () => {
  const main = runnerToken();
  const feature = runnerToken([{ Scope: 'refs/heads/main', Permission: 1 }, { Scope: 'refs/heads/feature', Permission: 3 }]);
  const fork = runnerToken([{ Scope: 'refs/heads/main', Permission: 1 }]);

  test('a branch reads its own cache first, then that of the main branch, which does not see the other', async () => {
    const server = await start({ tokens: [main, feature] });
    await writer({ ...server, token: main }).commit(Buffer.from('of main'), [], never);
    await writer({ ...server, token: feature }).commit(Buffer.from('of feature'), [], never);
    expect(await reader({ ...server, token: feature }).read(never)).toEqual([Buffer.from('of feature'), Buffer.from('of main')]);
    expect(await reader({ ...server, token: main }).read(never)).toEqual([Buffer.from('of main')]);
  });

  test('whoever may only read is told so', async () => {
    const server = await start({ tokens: [main, fork] });
    for (const work of [writer({ ...server, token: fork }).put(blobOf(document), never), writer({ ...server, token: fork }).commit(document, [], never)]) {
      expect(await failureOf(work)).toMatchObject({ code: 'CACHE_DENIED', message: 'the token for the cache service may only read' });
    }
    expect(await reader({ ...server, token: fork }).read(never)).toEqual([]);
  });
});

describe('a transfer that breaks', () => {
  test('a download goes on where it broke', async () => {
    const bytes = someBytes(500_000);
    let broken = 0;
    const server = await start({ intercept: (request, response) => {
      if (request.method !== 'GET' || broken++ > 0) return false;
      response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 100_000), () => response.destroy());
      return true;
    } });
    await writer(server).put(blobOf(bytes), never);
    expect(bytes.equals(await collect(reader(server).open(descriptorOf(bytes), never)))).toBe(true);
    expect(server.asked.at(-1)).toMatch(/ 206$/);
  });

  test('an address that has expired is asked for again', async () => {
    const server = await start({ lasts: (count) => (count === 1 ? -1000 : 3_600_000) });
    const bytes = someBytes(1000);
    await writer(server).put(blobOf(bytes), never);
    expect(bytes.equals(await collect(reader(server).open(descriptorOf(bytes), never)))).toBe(true);
  });

  test('what the service asks to wait is waited', async () => {
    let met = 0;
    const server = await start({ intercept: (_, response) => {
      if (met++ % 2 === 1) return false;
      response.writeHead(429, { 'retry-after': '7' }).end('{"code":"resource_exhausted","msg":"rate limited"}');
      return true;
    } });
    await writer(server).put(blobOf(someBytes(1000)), never);
    expect(waits).toEqual([7000, 7000, 7000, 7000]);
  });

  test('longer than the timeout is not waited', async () => {
    const server = await start({ intercept: (_, response) => !response.writeHead(429, { 'retry-after': '120' }).end('{"msg":"rate limited"}').headersSent === false });
    expect(await failureOf(writer(server, { timeout: '1m' }).put(blobOf(document), never))).toMatchObject({ code: 'CACHE_FAILED', message: expect.stringMatching(/has had too many requests: rate limited/) });
    expect(waits).toEqual([]);
  });

  test('an entry that takes too long is given up', async () => {
    const server = await start({ intercept: (request) => request.method === 'PUT' });
    expect(await failureOf(writer(server, { timeout: '300ms' }).put(blobOf(document), never))).toMatchObject({ code: 'CACHE_FAILED', message: 'the cache service took longer than 0.3 s for one entry' });
  });

  test('a build that is cancelled', async () => {
    const cancel = new AbortController();
    const server = await start({ intercept: (request) => {
      if (request.method === 'PUT') cancel.abort();
      return request.method === 'PUT';
    } });
    await expect(writer(server).put(blobOf(document), cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('few requests', () => {
  const listing = { repository: 'owner/name', ghtoken: 'sentinel-ghtoken' };

  test('what is there is listed once', async () => {
    const server = await start();
    const all = Array.from({ length: 130 }, (_, index) => someBytes(100, `${index}`));
    const to = writer(server, listing);
    for (const bytes of all.slice(0, 120)) await to.put(blobOf(bytes), never);
    const before = server.asked.length;
    const again = writer(server, listing);
    expect(new Set(await Promise.all(all.slice(0, 120).map((bytes) => again.put(blobOf(bytes), never))))).toEqual(new Set(['exists']));
    expect(server.asked.slice(before)).toEqual(['GET caches 200', 'GET caches 200']);
  });

  test('a token that GitHub does not take', async () => {
    const server = await start();
    expect(await failureOf(writer(server, { ...listing, ghtoken: 'sentinel-other' }).put(blobOf(document), never))).toMatchObject({ code: 'CACHE_DENIED', message: expect.stringMatching(/does not let us list the caches of owner\/name: Bad credentials/) });
  });
});

describe('errors', () => {
  test('a token that the service does not know', async () => {
    const server = await start();
    const failure = await failureOf(reader({ ...server, token: `${server.token}x` }).read(never));
    expect(failure).toMatchObject({ code: 'CACHE_DENIED', message: expect.stringMatching(/does not let us look for an entry: invalid authentication token/) });
    expect(failure.message).not.toMatch(/sentinel/);
  });

  test('a token that has expired', async () => {
    const server = await start();
    expect(await failureOf(reader({ ...server, token: runnerToken([], 1_000_000) }).read(never))).toMatchObject({ code: 'CACHE_DENIED', message: 'the token for the cache service has expired at 1970-01-01T00:16:40.000Z' });
  });

  test('nobody listens', async () => {
    const server = await start();
    await server.stop();
    expect(await failureOf(reader(server).read(never))).toMatchObject({ code: 'CACHE_UNREACHABLE', message: expect.stringMatching(/^cannot reach 127\.0\.0\.1:\d+ to look for an entry: connect ECONNREFUSED/) });
    expect(waits.length).toBe(3);
  });

  test('a redirect is not followed: nobody else sees the token', async () => {
    const seen: (string | undefined)[] = [];
    const other = await start({ intercept: (request) => {
      seen.push(request.headers.authorization);
      return false;
    } });
    const server = await start({ intercept: (_, response) => !response.writeHead(307, { location: `${other.url}/` }).end().headersSent === false });
    expect(await failureOf(reader(server).read(never))).toMatchObject({ code: 'CACHE_FAILED', message: expect.stringMatching(/sends elsewhere/) });
    expect(seen).toEqual([]);
  });

  test('storage is given no token, and addresses are in no message', async () => {
    const seen: (string | undefined)[] = [];
    const server = await start({ intercept: (request, response) => {
      if (request.url?.startsWith('/blobs/') !== true) return false;
      seen.push(request.headers.authorization);
      response.writeHead(400).end(`<Error><Code>Odd</Code><Message>${request.url}</Message></Error>`);
      return true;
    } });
    const failure = await failureOf(writer(server).put(blobOf(document), never));
    expect(failure.message).toMatch(/failed to take an upload \(HTTP status 400\): Odd$/);
    expect(`${failure.message} ${failure.hint ?? ''}`).not.toMatch(/sentinel|sig=/);
    expect(seen).toEqual([undefined]);
  });

  test('answers that make no sense', async () => {
    const server = await start({ intercept: (_, response) => !response.writeHead(200).end('<html>').headersSent === false });
    expect(await failureOf(reader(server).read(never))).toMatchObject({ code: 'CACHE_FAILED', message: expect.stringMatching(/makes no sense/) });
    const odd = await start({ intercept: (_, response) => !response.writeHead(200).end('{"ok":true,"matched_key":"strake-index-buildkit-1-","signed_download_url":"file:///etc/passwd"}').headersSent === false });
    expect(await reader(odd).read(never)).toEqual([]);
  });

  test('endless documents and layers are not read to their end', async () => {
    const server = await start({ intercept: (request, response) => {
      if (request.method !== 'GET') return false;
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(100_000))) continue;
      };
      response.writeHead(200).on('drain', more);
      more();
      return true;
    } });
    await writer(server).put(blobOf(document), never);
    await writer(server).commit(document, [], never);
    expect(await failureOf(reader(server).read(never))).toMatchObject({ code: 'IMAGE_INVALID' });
    await expect(collect(reader(server).open(descriptorOf(document), never), 1000)).rejects.toThrow('more than 1000 bytes');
  });
});

describe('attributes', () => {
  const env = { ACTIONS_RESULTS_URL: 'https://results.example.com/', ACTIONS_RUNTIME_TOKEN: 'token' };

  test.each([
    [{ version: '3' }, env, /version=3/],
    [{ scope: 'a,b' }, env, /scope=a,b/],
    [{ timeout: 'long' }, env, /timeout=long/],
    [{ repository: 'owner/name' }, env, /repository is given alone/],
    [{ ghtoken: 'sentinel' }, env, /ghtoken is given alone/],
    [{ url: 'results.example.com' }, env, /url is no address/],
    [{ url: 'https://me:sentinel@results.example.com' }, env, /url is no address/],
    [{}, {}, /there is no token/],
    [{ token: 'sentinel' }, {}, /the address of the service is not known/],
  ])('%j with %j is refused before anybody is asked', async (attributes, from, message) => {
    const failure = await failureOf(Promise.resolve().then(() => place.to?.open(attributes as Record<string, string>, { cwd: '/', env: from })));
    expect(failure).toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
    expect(failure.message).not.toMatch(/sentinel/);
  });

  test('outside a workflow there is nothing to read, which is told when it is asked', async () => {
    expect(await failureOf(Promise.resolve(place.from?.open({}, { cwd: '/', env: {} }).read(never)))).toMatchObject({ code: 'USAGE', hint: expect.stringMatching(/ghaction-github-runtime/) });
  });
});

test('GitHub Enterprise Server is spoken to in the first version, whatever the runner says', async () => {
  const server = await start();
  const made = place.from?.open({}, { cwd: '/', env: { ...envOf(server), GITHUB_SERVER_URL: 'https://github.example.com' } });
  expect(await made?.read(never)).toEqual([]);
  expect(server.asked).toEqual(['GET cache 204']);
  await made?.close?.();
});
