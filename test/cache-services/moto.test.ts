import type { CacheReader, CacheWriter } from '@strake/api';
import { s3Cache } from '@strake/cache-s3';
import { motoS3Unmet, startMotoS3, type MotoS3 } from '../engines/moto-s3';
import { suite } from '../engines/suite';
import { blobOf, collect, descriptorOf, failureOf, never, someBytes } from './blobs';
import { KEY } from './s3-server/s3-server';

suite("a cache in a bucket of moto's", motoS3Unmet(), () => {
  let server: MotoS3;
  const opened: (CacheReader | CacheWriter)[] = [];
  beforeAll(async () => {
    server = await startMotoS3('bucket');
  });
  afterAll(async () => {
    for (const one of opened) await one.close?.();
    await server.stop();
  });

  const attributes = (more: object = {}): Record<string, string> => ({ bucket: 'bucket', region: 'us-east-1', endpoint_url: server.url, use_path_style: 'true', access_key_id: KEY.id, secret_access_key: KEY.secret, ...more });
  const reader = (more?: object): CacheReader => {
    const made = s3Cache().from?.open(attributes(more), { cwd: '/', env: {} });
    if (made === undefined) throw new Error('nothing can be read');
    opened.push(made);
    return made;
  };
  const writer = (more?: object): CacheWriter => {
    const made = s3Cache().to?.open(attributes(more), { cwd: '/', env: {} });
    if (made === undefined) throw new Error('nothing can be written');
    opened.push(made);
    return made;
  };

  test.each([['small', 1000], ['in parts', 17 << 20]])('a layer, %s', async (_, size) => {
    const bytes = someBytes(size);
    expect(await writer().put(blobOf(bytes), never)).toBe('done');
    expect(await writer().put(blobOf(bytes), never)).toBe('exists');
    expect(bytes.equals(await collect(reader().open(descriptorOf(bytes), never)))).toBe(true);
  });

  test('documents take the place of those before', async () => {
    expect(await reader({ name: 'app' }).read(never)).toEqual([]);
    for (const text of ['first', 'second']) await writer({ name: 'app;other' }).commit(Buffer.from(text), [], never);
    expect(await reader({ name: 'app;other' }).read(never)).toEqual([Buffer.from('second'), Buffer.from('second')]);
  });

  test('what is not right is told', async () => {
    expect(await failureOf(writer({ bucket: 'nowhere' }).commit(Buffer.from('x'), [], never))).toMatchObject({ code: 'CACHE_FAILED', message: 'there is no bucket nowhere in us-east-1' });
  });
});
