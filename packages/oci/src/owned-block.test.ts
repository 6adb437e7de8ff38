import { gunzipSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { gzipped } from './compression/gzipped';
import { storedBlocks } from './compression/stored-blocks';
import { giveUp, own, roomBehind } from './owned-block';

const MIB = 1 << 20;

function block(content: Buffer, room: number): Buffer {
  const memory = Buffer.allocUnsafeSlow(content.length + room);
  content.copy(memory);
  return memory.subarray(0, content.length);
}

test('room is behind an owned block alone, as it came, and is taken back once', () => {
  const taken: ArrayBuffer[] = [];
  const plain = block(randomBytes(100), 50);
  expect(roomBehind(plain)).toBe(0);
  const owned = own(plain, (memory) => taken.push(memory));
  expect(roomBehind(owned)).toBe(50);
  expect([roomBehind(owned.subarray(0, 50)), roomBehind(owned.subarray(1))]).toEqual([0, 0]);
  giveUp(owned);
  giveUp(owned);
  expect(taken).toEqual([owned.buffer]);
  expect(roomBehind(owned)).toBe(0);
});

test.each([0, 1, 65_535, 65_536, MIB])('%d bytes are stored in place as they are elsewhere', (size) => {
  const content = randomBytes(size);
  const elsewhere = storedBlocks(content);
  const inPlace = own(block(content, 200), () => undefined);
  const stored = storedBlocks(inPlace);
  expect(stored.buffer).toBe(inPlace.buffer);
  expect(stored.equals(elsewhere)).toBe(true);
});

test('what is dense and what is not come back from owned blocks as from others', async () => {
  const contents = [Buffer.alloc(MIB, 'text '), randomBytes(MIB), Buffer.alloc(MIB, 'more text '), randomBytes(MIB), randomBytes(4096)];
  const collect = async (blocks: readonly Buffer[]): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of gzipped(blocks, 4)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  };
  let back = 0;
  const owned = await collect(contents.map((content) => own(block(content, 512), () => (back += 1))));
  expect(owned.equals(await collect(contents))).toBe(true);
  expect(gunzipSync(owned).equals(Buffer.concat(contents))).toBe(true);
  expect(back).toBeGreaterThanOrEqual(2);
});
