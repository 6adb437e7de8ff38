import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, gunzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { gzipped } from './gzipped';
import { isDense } from './is-dense';

const noise = randomBytes(1 << 20);
const part = randomBytes(5000);

test.each<[string, Buffer, boolean]>([
  ['noise', noise, true],
  ['zeros', Buffer.alloc(1 << 20), false],
  ['text', Buffer.from('all work and no play '.repeat(60_000)), false],
  ['noise that comes again', Buffer.concat(Array.from({ length: 200 }, () => part)), false],
  ['text behind noise', Buffer.concat([noise.subarray(0, 700_000), Buffer.alloc(300_000, 'a')]), false],
  ['what is compressed', deflateRawSync(Buffer.from(noise.toString('hex'))), true],
  ['noise in hexadecimal', Buffer.from(noise.toString('hex')), false],
  ['little', noise.subarray(0, 1000), false],
])('%s', (_, block, dense) => {
  expect(isDense(block)).toBe(dense);
});

test('noise is stored between text, and all comes back', async () => {
  const content = Buffer.concat([Buffer.alloc(1 << 20, 'text '), noise, Buffer.alloc(1 << 20, 'text '), noise.subarray(0, 12345)]);
  const packed = await buffer(Readable.from(gzipped([content.subarray(0, 777), content.subarray(777)], 6)));
  expect(createHash('sha256').update(gunzipSync(packed)).digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  expect(packed.length).toBeLessThan(noise.length + 30_000);
});
