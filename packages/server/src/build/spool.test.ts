import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOST_IN_MEMORY, Spool } from './spool';

describe('a spool', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'spool-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const all = (spool: Spool): string => {
    let text = '';
    for (let piece = spool.take(); piece !== undefined; piece = spool.take()) text += piece.toString('latin1');
    return text;
  };

  test.each([[10, 3], [1000, 3000], [MOST_IN_MEMORY, 2], [300_001, 11]])('gives pieces of %d bytes, %d of them, in order, and may be used again', (length, count) => {
    const spool = new Spool(folder);
    for (let round = 0; round < 2; round += 1) {
      const pieces = Array.from({ length: count }, (_, index) => Buffer.alloc(length, 97 + (index % 26)));
      for (const piece of pieces) spool.append(piece);
      expect(spool.size).toBe(length * count);
      expect(all(spool) === Buffer.concat(pieces).toString('latin1')).toBe(true);
      expect([spool.size, spool.take()]).toEqual([0, undefined]);
    }
    expect(readdirSync(folder)).toEqual([]);
    spool.close();
  });

  test('keeps the order when it is filled while it is emptied', () => {
    const spool = new Spool(folder);
    const [put, got]: [string[], string[]] = [[], []];
    for (let index = 0; index < 200; index += 1) {
      const text = `${index} `.repeat(5000);
      put.push(text);
      spool.append(Buffer.from(text));
      if (index % 3 === 0) got.push(spool.take()?.toString() ?? '');
    }
    expect(got.join('') + all(spool) === put.join('')).toBe(true);
    spool.close();
  });
});
