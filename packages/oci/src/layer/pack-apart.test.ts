import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveUp } from '../owned-block';
import { packApart } from './pack-apart';
import { packLayer, type PackedLayer } from './pack-layer';

const LARGE = 64 << 20;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-pack-'));
  mkdirSync(join(folder, 'large'));
  for (let at = 0; at < 40; at += 1) writeFileSync(join(folder, 'large', `f${at}`), Buffer.alloc(700_000 + at, at));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function collected(chunks: AsyncGenerator<Buffer, PackedLayer>): Promise<{ readonly bytes: Buffer; readonly packed: PackedLayer }> {
  const parts: Buffer[] = [];
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return { bytes: Buffer.concat(parts), packed: next.value };
    parts.push(next.value);
  }
}

function packedHere(): Buffer {
  const parts: Buffer[] = [];
  packLayer(folder, (chunk) => parts.push(Buffer.from(chunk)));
  return Buffer.concat(parts);
}

describe('packing apart', () => {
  test('the program of the thread is there', () => {
    expect(existsSync(join(__dirname, '..', '..', 'dist', 'layer', 'pack-thread.js'))).toBe(true);
  });

  test.each([['a thread', LARGE], ['this thread', 0]])('by %s gives the same bytes', async (_, size) => {
    const { bytes, packed } = await collected(packApart(folder, {}, size));
    expect(bytes.equals(packedHere())).toBe(true);
    expect(packed).toEqual(packLayer(folder, () => undefined));
  });

  test('memory that is given up is packed into again, and gives the same bytes', async () => {
    const parts: Buffer[] = [];
    for await (const chunk of packApart(folder, {}, LARGE)) {
      parts.push(Buffer.from(chunk));
      giveUp(chunk);
      expect(chunk.buffer.byteLength).toBe(0);
    }
    expect(Buffer.concat(parts).equals(packedHere())).toBe(true);
  });

  test('is ended by whoever stops asking', async () => {
    let chunks = 0;
    for await (const chunk of packApart(folder, {}, LARGE)) {
      chunks += chunk.length > 0 ? 1 : 0;
      break;
    }
    expect(chunks).toBe(1);
  });

  test('a directory that is gone is an error', async () => {
    await expect(collected(packApart(join(folder, 'none'), {}, LARGE))).rejects.toMatchObject({ code: 'STORE_INVALID', message: expect.stringMatching(/none cannot be packed: ENOENT/) });
  });
});
