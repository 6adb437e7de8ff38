import { OperatorError, type CacheReader, type CacheWriter } from '@strake/api';
import { s3Cache } from '@strake/cache-s3';
import { blobOf, collect, descriptorOf, failureOf, never, someBytes } from './blobs';
import { BUCKET, KEY, REGION, startS3, type S3Server, type S3ServerOptions } from './s3-server/s3-server';

const place = s3Cache();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const KEYS = { access_key_id: KEY.id, secret_access_key: KEY.secret };

async function start(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await startS3(options);
  closing.push(() => server.stop());
  return server;
}

function attributesOf(server: Pick<S3Server, 'url'>, more: Readonly<Record<string, string>>): Record<string, string> {
  return { bucket: BUCKET, region: REGION, endpoint_url: server.url, use_path_style: 'true', ...KEYS, ...more };
}

function writer(server: Pick<S3Server, 'url'>, more: Readonly<Record<string, string>> = {}, env: NodeJS.ProcessEnv = {}): CacheWriter {
  const made = place.to?.open(attributesOf(server, more), { cwd: '/', env });
  if (made === undefined) throw new Error('nothing can be written');
  closing.push(async () => made.close?.());
  return made;
}

function reader(server: Pick<S3Server, 'url'>, more: Readonly<Record<string, string>> = {}, env: NodeJS.ProcessEnv = {}): CacheReader {
  const made = place.from?.open(attributesOf(server, more), { cwd: '/', env });
  if (made === undefined) throw new Error('nothing can be read');
  closing.push(async () => made.close?.());
  return made;
}

const document = Buffer.from('{"steps":[]}');

describe('a cache in a bucket', () => {
  test('what is put is read again; what is there is not sent again', async () => {
    const server = await start();
    const bytes = someBytes(300_000);
    const to = writer(server);
    expect(await to.put(blobOf(bytes), never)).toBe('done');
    const again = blobOf(bytes);
    expect(await to.put(again, never)).toBe('exists');
    expect(again.opened()).toBe(0);
    await to.commit(document, [descriptorOf(bytes)], never);
    expect([...server.store.objects.keys()]).toEqual([`blobs/${descriptorOf(bytes).digest}`, 'manifests/buildkit']);
    const from = reader(server);
    expect(await from.read(never)).toEqual([document]);
    expect(bytes.equals(await collect(from.open(descriptorOf(bytes), never)))).toBe(true);
  });

  test('prefixes and several names; the first that is read is the most wanted', async () => {
    const server = await start();
    const more = { prefix: 'team/', blobs_prefix: 'b/', manifests_prefix: 'm/' };
    await writer(server, { ...more, name: 'abc;main' }).commit(document, [], never);
    await writer(server, { ...more, name: 'main' }).commit(Buffer.from('newer'), [], never);
    expect([...server.store.objects.keys()]).toEqual(['team/m/abc', 'team/m/main']);
    expect(await reader(server, { ...more, name: 'none;main;abc' }).read(never)).toEqual([Buffer.from('newer'), document]);
    expect(reader(server, { ...more, name: 'a;b' }).name).toBe('s3 build-cache/team/m/a, b');
  });

  test('an empty bucket has no cache', async () => {
    const server = await start();
    expect(await reader(server).read(never)).toEqual([]);
    await expect(collect(reader(server).open(descriptorOf(document), never))).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  });

  test('a large layer goes in parts', async () => {
    const server = await start();
    const bytes = someBytes(17 << 20);
    await writer(server).put(blobOf(bytes), never);
    expect(server.asked.filter(({ line }) => line.includes('partNumber')).length).toBe(3);
    expect(server.store.uploads.size).toBe(0);
    expect(bytes.equals(await collect(reader(server).open(descriptorOf(bytes), never)))).toBe(true);
  });

  test('a layer that fails on its way leaves nothing, small or large', async () => {
    const server = await start();
    const wrong = new OperatorError('DIGEST_MISMATCH', 'it is another');
    for (const size of [200_000, 9 << 20]) await expect(writer(server).put(blobOf(someBytes(size), wrong), never)).rejects.toBe(wrong);
    expect([server.store.objects.size, server.store.uploads.size]).toEqual([0, 0]);
  });

  test('what lies there with another size is written anew', async () => {
    const server = await start();
    const bytes = someBytes(1000);
    server.store.put(`blobs/${descriptorOf(bytes).digest}`, bytes.subarray(1), '');
    expect(await writer(server).put(blobOf(bytes), never)).toBe('done');
  });

  test('layers that are there are made young when they are old', async () => {
    const server = await start();
    const bytes = someBytes(1000);
    const key = `blobs/${descriptorOf(bytes).digest}`;
    server.store.objects.set(key, { ...server.store.put(key, bytes, ''), modified: Date.now() - 7_200_000 });
    expect(await writer(server).put(blobOf(bytes), never)).toBe('exists');
    expect(Date.now() - server.store.get(key).modified).toBeGreaterThan(7_000_000);
    expect(await writer(server, { touch_refresh: '1h' }).put(blobOf(bytes), never)).toBe('exists');
    expect(Date.now() - server.store.get(key).modified).toBeLessThan(60_000);
  });

  test('no more layers are sent at once than upload_parallelism says', async () => {
    let [now, most] = [0, 0];
    const server = await start({ intercept: (request, response) => {
      if (request.method === 'PUT') {
        most = Math.max(most, ++now);
        response.on('close', () => (now -= 1));
      }
      return false;
    } });
    const to = writer(server, { upload_parallelism: '2' });
    await Promise.all(Array.from({ length: 8 }, (_, index) => to.put(blobOf(someBytes(5000, `${index}`)), never)));
    expect(most).toBeLessThanOrEqual(2);
    expect(server.store.objects.size).toBe(8);
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
    server.store.put(`blobs/${descriptorOf(bytes).digest}`, bytes, '');
    expect(bytes.equals(await collect(reader(server).open(descriptorOf(bytes), never)))).toBe(true);
    expect(broken).toBe(2);
  });

  test.each([503, 500, 'reset'] as const)('an upload that meets %s is tried again', async (trouble) => {
    let met = 0;
    const server = await start({ intercept: (request, response) => {
      if (request.method !== 'PUT' || met++ > 0) return false;
      if (trouble === 'reset') request.socket.destroy();
      else response.writeHead(trouble).end('<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>');
      return true;
    } });
    await writer(server).put(blobOf(someBytes(1000)), never);
    expect(server.store.objects.size).toBe(1);
  });

  test('a cancelled upload leaves no parts', async () => {
    const cancel = new AbortController();
    const server = await start({ intercept: (request) => {
      if (request.url?.includes('partNumber=1') === true) cancel.abort();
      return false;
    } });
    await expect(writer(server).put(blobOf(someBytes(9 << 20)), cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect([server.store.objects.size, server.store.uploads.size]).toEqual([0, 0]);
  });
});

describe('errors', () => {
  const failing: readonly (readonly [string, S3ServerOptions, Readonly<Record<string, string>>, string, RegExp, RegExp])[] = [
    ['no bucket', {}, { bucket: 'elsewhere' }, 'CACHE_FAILED', /there is no bucket elsewhere in eu-west-1/, /Make it/],
    ['another region', { region: 'us-east-2' }, {}, 'CACHE_FAILED', /build-cache is in the region us-east-2, not in eu-west-1/, /region=us-east-2/],
    ['a wrong secret', {}, { secret_access_key: 'sentinel/wrong' }, 'CACHE_DENIED', /SignatureDoesNotMatch/, /secret access key is not/],
    ['a key that nobody knows', {}, { access_key_id: 'AKIANOBODY' }, 'CACHE_DENIED', /InvalidAccessKeyId/, /Check the access key ID/],
    ['credentials that have expired', { keys: [{ ...KEY, token: 'sentinel/token', expired: true }] }, { session_token: 'sentinel/token' }, 'CACHE_DENIED', /ExpiredToken/, /new temporary/],
    ['a token that is wrong', { keys: [{ ...KEY, token: 'sentinel/token' }] }, { session_token: 'sentinel/other' }, 'CACHE_DENIED', /InvalidToken/, /new temporary/],
    ['what may not be done', { intercept: (_, response) => !response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/ci is not authorized</Message></Error>').headersSent === false }, {}, 'CACHE_DENIED', /AccessDenied: User: arn:aws:iam::1:user\/ci is not authorized/, /s3:PutObject/],
    ['a redirect', { intercept: (_, response) => !response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end().headersSent === false }, {}, 'CACHE_FAILED', /sends elsewhere/, /region and endpoint_url/],
  ];

  test.each(failing)('%s', async (_, options, more, code, message, hint) => {
    const server = await start(options);
    const failures = [await failureOf(reader(server, more).read(never)), await failureOf(writer(server, more).put(blobOf(someBytes(1000)), never)), await failureOf(writer(server, more).commit(document, [], never))];
    for (const failure of failures) {
      expect(failure).toMatchObject({ code });
      expect(failure.message).toMatch(message);
      expect(failure.hint).toMatch(hint);
      expect(`${failure.message}${failure.hint ?? ''}`).not.toMatch(/sentinel/);
    }
  });

  test('nobody listens', async () => {
    const server = await start();
    await server.stop();
    expect(await failureOf(reader(server).read(never))).toMatchObject({ code: 'CACHE_UNREACHABLE', message: expect.stringMatching(/^cannot reach the bucket build-cache at 127\.0\.0\.1:\d+ to read manifests\/buildkit: connect ECONNREFUSED/) });
  });

  test('a server that tells secrets back is not quoted with them', async () => {
    const server = await start({ keys: [{ ...KEY, token: 'sentinel/token' }], intercept: (request, response) => {
      response.writeHead(400).end(`<Error><Code>Odd</Code><Message>you said ${String(request.headers['x-amz-security-token'])}&#10;and more</Message></Error>`);
      return true;
    } });
    expect((await failureOf(reader(server, { session_token: 'sentinel/token' }).read(never))).message).toBe('the bucket build-cache failed to read manifests/buildkit: Odd: you said … and more');
  });

  test('a wrong clock is set right', async () => {
    const server = await start({ ahead: 3_600_000 });
    expect(await reader(server).read(never)).toEqual([]);
  });

  test('without s3:ListBucket what is not there is denied: layers are written, and reading says what may be meant', async () => {
    const server = await start({ lists: false });
    expect(await writer(server).put(blobOf(someBytes(1000)), never)).toBe('done');
    expect(await failureOf(reader(server).read(never))).toMatchObject({ code: 'CACHE_DENIED', hint: expect.stringMatching(/s3:ListBucket/) });
  });

  test('endless documents, layers and errors are not read to their end', async () => {
    const server = await start({ intercept: (request, response) => {
      response.writeHead(request.url?.includes('manifests/error') === true ? 500 : 200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(100_000, '<Error>'))) continue;
      };
      response.on('drain', more);
      more();
      return true;
    } });
    expect(await failureOf(reader(server).read(never))).toMatchObject({ code: 'IMAGE_INVALID' });
    expect((await failureOf(reader(server, { name: 'error', retry_max_attempts: '1' }).read(never))).message).toMatch(/^the bucket build-cache failed to read/);
    await expect(collect(reader(server).open(descriptorOf(document), never), 1000)).rejects.toThrow('more than 1000 bytes');
  });
});

describe('credentials', () => {
  test('from the environment of whoever builds', async () => {
    const server = await start();
    const env = { AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret, AWS_REGION: REGION, AWS_BUCKET: BUCKET };
    const made = place.from?.open({ endpoint_url: server.url }, { cwd: '/', env });
    expect(await made?.read(never)).toEqual([]);
    await made?.close?.();
  });
});

describe('through a proxy', () => {
  test('a bucket has a host of its own', async () => {
    const server = await start();
    const env = { HTTP_PROXY: server.url };
    const elsewhere = { url: 'http://s3.invalid' };
    await writer(elsewhere, { use_path_style: 'false' }, env).commit(document, [], never);
    expect(await reader(elsewhere, { use_path_style: 'false' }, env).read(never)).toEqual([document]);
    expect(new Set(server.asked.map(({ host }) => host))).toEqual(new Set(['build-cache.s3.invalid']));
  });
});

describe('attributes', () => {
  const refused: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ region: 'r' }, /needs bucket/],
    [{ bucket: 'bucket' }, /needs region/],
    [{ bucket: 'not/a bucket', region: 'r' }, /bucket=not\/a bucket is not valid/],
    [{ bucket: 'bucket', region: 'r', name: 'a;;b' }, /name=a;;b/],
    [{ bucket: 'bucket', region: 'r', endpoint_url: 's3.example.com' }, /endpoint_url=/],
    [{ bucket: 'bucket', region: 'r', use_path_style: 'perhaps' }, /use_path_style=perhaps/],
    [{ bucket: 'bucket', region: 'r', upload_parallelism: '0' }, /upload_parallelism=0/],
    [{ bucket: 'bucket', region: 'r', touch_refresh: 'daily' }, /touch_refresh=daily/],
    [{ bucket: 'bucket', region: 'r', retry_mode: 'never' }, /retry_mode=never/],
    [{ bucket: 'bucket', region: 'r', secret_access_key: 'sentinel' }, /secret_access_key is given alone/],
    [{ bucket: 'bucket', region: 'r', endpoint_url: 'https://me:sentinel@s3.example.com' }, /has a user or a password/],
  ];

  test.each(refused)('%j is refused before anybody is asked', async (attributes, message) => {
    const failure = await failureOf(Promise.resolve().then(() => place.to?.open(attributes, { cwd: '/', env: {} })));
    expect(failure).toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
    expect(failure.message).not.toMatch(/sentinel/);
  });
});
