import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import * as zlib from 'node:zlib';
import { gunzipSync } from 'node:zlib';
import { decompressed } from './decompressed';
import { gzipped } from './gzipped';
import { checkZstd, zstdCompressed } from './zstd';

const zstdUnmet = (() => {
  try {
    checkZstd();
    return undefined;
  } catch {
    return 'not installed: zstd';
  }
})();

async function all(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Text that compresses, with something new in it all the time. */
const sample = (size: number): Buffer => Buffer.from(Array.from({ length: Math.ceil(size / 16) }, (_, at) => `line ${at * 7919} of it\n`).join('').slice(0, size));

function inPieces(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

describe('gzip', () => {
  test.each([0, 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 17])('%d bytes come back', async (size) => {
    const bytes = sample(size);
    const packed = await all(gzipped([bytes], 6));
    expect(gunzipSync(packed).equals(bytes)).toBe(true);
    expect(execFileSync('gzip', ['-dc'], { input: packed, maxBuffer: 8 << 20 }).equals(bytes)).toBe(true);
  });

  test('gives the same bytes however its input is cut', async () => {
    const bytes = sample((2 << 20) + 99);
    const whole = await all(gzipped([bytes], 6));
    for (const size of [1 << 10, 100_003, 3 << 20]) expect((await all(gzipped(inPieces(bytes, size), 6))).equals(whole)).toBe(true);
  });

  test('levels differ, and a block knows the one before', async () => {
    const bytes = sample(4 << 20);
    const sizes = await Promise.all([0, 1, 9].map(async (level) => (await all(gzipped([bytes], level))).length));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const twice = Buffer.concat([bytes.subarray(0, 1 << 20), bytes.subarray((1 << 20) - 1000, 1 << 20)]);
    const once = await all(gzipped([bytes.subarray(0, 1 << 20)], 9));
    expect((await all(gzipped([twice], 9))).length - once.length).toBeLessThan(60);
  });

  test('any bytes come back', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 5 }), fc.nat(9), async (chunks, level) => {
      const buffers = chunks.map((chunk) => Buffer.from(chunk));
      expect(gunzipSync(await all(gzipped(buffers, level))).equals(Buffer.concat(buffers))).toBe(true);
    }), { numRuns: 50 });
  });

  test('ends with the failure of its source', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield sample(2 << 20);
      throw new Error('the disk is gone');
    }
    await expect(all(gzipped(failing(), 1))).rejects.toThrow('the disk is gone');
  });
});

describe('zstd', () => {
  (zstdUnmet === undefined ? test : test.skip)(`bytes come back, and equal input gives equal bytes${zstdUnmet === undefined ? '' : ` [skipped: ${zstdUnmet}]`}`, async () => {
    const bytes = sample((2 << 20) + 5);
    const packed = await all(zstdCompressed([bytes], 3));
    expect((await all(decompressed([packed], 'it'))).equals(bytes)).toBe(true);
    expect((await all(zstdCompressed(inPieces(bytes, 77_777), 3))).equals(packed)).toBe(true);
    expect((await all(zstdCompressed([bytes], 20))).length).toBeLessThan(packed.length);
  });

  test('is refused where nothing can do it', () => {
    const native = 'createZstdCompress' in zlib;
    const check = () => checkZstd({ PATH: '/nonexistent' });
    if (native) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'UNSUPPORTED', hint: expect.stringContaining('apt-get install zstd') }));
  });
});
