import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import { createService, listen } from './service';

const root = process.getuid?.() === 0 && process.platform === 'linux';

(root ? describe : describe.skip)('the build service', () => {
  let folder: string;
  let builder: Builder;
  let server: Server;
  let address: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strake-service-'));
    builder = await createBuilder({ store: join(folder, 'store') });
    server = createService(builder);
    address = await listen(server);
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
    await builder.close();
    rmSync(folder, { recursive: true });
  });

  const post = (body: string, signal: AbortSignal | null = null): Promise<Response> => fetch(`${address}/builds`, { method: 'POST', body, signal });
  const events = async (body: unknown): Promise<readonly (readonly [string | undefined, unknown])[]> =>
    (await (await post(JSON.stringify(body))).text()).trim().split('\n\n').map((block) => {
      const [name, data] = block.split('\n');
      return [name?.slice('event: '.length), JSON.parse(data?.slice('data: '.length) ?? '')];
    });

  test('streams progress, then the image; the second time from the cache', async () => {
    const body = { dockerfile: 'FROM scratch\nWORKDIR /app\n', context: __dirname, tags: ['app'] };
    const image = ['image', { imageId: expect.stringMatching(/^sha256:/), names: ['docker.io/library/app:latest'] }];
    const step = '[1/1] WORKDIR /app';
    expect(await events(body)).toEqual([['progress', { step, state: 'started' }], ['progress', { step, state: 'done' }], image]);
    expect(await events(body)).toEqual([['progress', { step, state: 'cached' }], image]);
  });

  test('builds what the client sends, without a folder', async () => {
    const files = { 'src/main.c': 'int main() { return 0; }\n' };
    expect((await events({ dockerfile: 'FROM scratch\nCOPY src /src\n', context: { files } })).at(-1)?.[0]).toBe('image');
  });

  test('says what is wrong, and where', async () => {
    const [failure] = await events({ dockerfile: 'FROM scratch\nRUM x\n', context: __dirname });
    expect(failure).toEqual(['failure', { message: expect.stringMatching(/Dockerfile:2:1[^]*did you mean/i) }]);
  });

  test('builds of many clients run at the same time', async () => {
    const results = await Promise.all([1, 2, 3].map((number) => events({ dockerfile: `FROM scratch\nWORKDIR /a${number}\n`, context: __dirname })));
    expect(results.map((result) => result.at(-1)?.[0])).toEqual(['image', 'image', 'image']);
    expect(readdirSync(join(folder, 'store', 'tmp'))).toHaveLength(1); // the builder's own scratch folder
  });
});
