import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { compressionOf, decompressed } from '..';

const content = Buffer.from('some text that repeats, some text that repeats\n'.repeat(20_000));
const through = (tool: string): Buffer => execFileSync(tool, ['-c'], { input: content });
const installed = (tool: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`]);
    return true;
  } catch {
    return false;
  }
};

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const forms: readonly (readonly [string, () => Buffer])[] = [
  ['none', () => content],
  ['gzip', () => gzipSync(content)],
  ['gzip', () => Buffer.concat([gzipSync(content.subarray(0, 100)), gzipSync(content.subarray(100))])],
  ...['zstd', 'bzip2', 'xz'].filter(installed).map((tool) => [tool, () => through(tool)] as const),
];

describe('decompressed', () => {
  test.each(forms)('%s, in pieces of any size', async (name, compress) => {
    const bytes = compress();
    expect(compressionOf(bytes)).toBe(name);
    for (const size of [4, 1 << 16]) {
      if (size === 4 && name === 'none') continue;
      expect(content.equals(await collect(decompressed(pieces(bytes, size), 'it')))).toBe(true);
    }
  });

  test('nothing is nothing', async () => {
    expect(await collect(decompressed([], 'it'))).toEqual(Buffer.alloc(0));
  });

  test.each(forms.filter(([name]) => name !== 'none'))('%s that is cut short is damaged', async (_, compress) => {
    const bytes = compress();
    await expect(collect(decompressed([bytes.subarray(0, bytes.length - 9)], 'the layer x'))).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: expect.stringContaining('the layer x'),
    });
  });

  test.each(forms)('%s: a source that fails is what is reported', async (_, compress) => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield compress().subarray(0, 100);
      throw new Error('the network went away');
    }
    await expect(collect(decompressed(failing(), 'it'))).rejects.toThrow('the network went away');
  });

  test.each(forms)('%s: who stops early closes the source', async (_, compress) => {
    let closed: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (closed = resolve));
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        yield compress();
        for (;;) yield Buffer.alloc(1 << 16);
      } finally {
        closed();
      }
    }
    for await (const chunk of decompressed(endless(), 'it')) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await done;
  });

  test('a tool that is not installed is named with its package', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await expect(collect(decompressed([Buffer.from('BZh91AY')], 'the layer x'))).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        hint: expect.stringContaining('apt-get install bzip2'),
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
