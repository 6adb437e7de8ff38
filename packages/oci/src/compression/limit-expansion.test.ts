import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encodeHeader, unpackLayer } from '..';
import { limitExpansion } from './limit-expansion';

async function* zeros(size: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(Math.min(size, 1 << 20));
  for (let left = size; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
}

async function lengthOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) length += chunk.length;
  return length;
}

const GIB = 2 ** 30;

describe('limitExpansion', () => {
  test.each([
    ['small, however dense', 1 << 20, 1, {}],
    ['the limit itself', GIB, 1, {}],
    ['large, of an ordinary density', GIB + 1, 1_100_000, {}],
    ['dense, where the limit is raised', GIB + 1, 1, { STRAKE_LAYER_LIMIT: '2g' }],
    ['exactly 1,000 times', 4000, 4, { STRAKE_LAYER_LIMIT: '1' }],
  ])('passes what is %s', async (_, size, packed, env) => {
    expect(await lengthOf(limitExpansion(zeros(size), { packed, shown: 'it', env }))).toBe(size);
  });

  test.each([
    ['the limit', GIB + 1, 1_000_000, {}],
    ['another limit', 4097, 4, { STRAKE_LAYER_LIMIT: '4k' }],
    ['1,000 times its size', 4001, 4, { STRAKE_LAYER_LIMIT: '1000' }],
  ])('refuses what is more than %s', async (_, size, packed, env) => {
    await expect(lengthOf(limitExpansion(zeros(size), { packed, shown: 'it', env }))).rejects.toMatchObject({ code: 'IMAGE_INVALID', hint: expect.stringContaining('STRAKE_LAYER_LIMIT=') as unknown });
  });

  test.each(['much', '-1', '1.5g', '1p'])('the limit %s is refused', async (text) => {
    await expect(lengthOf(limitExpansion(zeros(1), { packed: 1, shown: 'it', env: { STRAKE_LAYER_LIMIT: text } }))).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('unpackLayer', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-bomb-'))));
  afterEach(() => {
    delete process.env['STRAKE_LAYER_LIMIT'];
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([['1m', 'IMAGE_INVALID'], ['64m', undefined]])('with a limit of %s a layer of 32 MiB of zeros gives %s', async (limit, code) => {
    process.env['STRAKE_LAYER_LIMIT'] = limit;
    const size = 32 << 20;
    const header = encodeHeader({ type: 'file', path: Buffer.from('zeros'), mode: 0o644, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, size, mtime: 0n });
    const layer = join(folder, 'layer');
    const into = join(folder, 'into');
    mkdirSync(into);
    writeFileSync(layer, gzipSync(Buffer.concat([header, Buffer.alloc(size + 1024)]), { level: 9 }));
    const seen = await unpackLayer(layer, into).then(() => undefined, (error: unknown) => (error as { code: string }).code);
    expect(seen).toBe(code);
    if (code !== undefined) expect(statSync(join(into, 'zeros')).size).toBeLessThanOrEqual(1000 * statSync(layer).size);
  });
});
