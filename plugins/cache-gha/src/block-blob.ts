import { inPieces } from '@strake/oci';
import type { Calls } from './calls';

/** Bytes of a block: far fewer than Azure's limits, so that a broken one is soon sent again (Put Block: 4,000 MiB, 50,000 blocks). */
const BLOCK = 16 << 20;
const BLOCKS_AT_ONCE = 2;
const VERSION = { 'x-ms-version': '2021-08-06' };

/** How blocks are sent. */
export interface BlockWork {
  readonly calls: Calls;
  readonly signal: AbortSignal;
  /** Bytes of a block; tests take fewer. */
  readonly block?: number;
}

/** Writes a blob of Azure by a signed address: as a whole where it is small (Put Blob), else in blocks that a list then joins (Put Block, Put Block List). */
export async function uploadBlocks(url: URL, content: AsyncIterable<Buffer>, work: BlockWork): Promise<void> {
  const pieces = inPieces(content, work.block ?? BLOCK);
  try {
    const first = (await pieces.next()).value ?? Buffer.alloc(0);
    const second = (await pieces.next()).value;
    if (second === undefined) return await put(url, '', first, { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream' }, work);
    const names = await putBlocks(url, joined([first, second], pieces), work);
    const list = names.map((name) => `<Latest>${name}</Latest>`).join('');
    await put(url, 'comp=blocklist', Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`), { 'content-type': 'application/xml' }, work);
  } finally {
    await pieces.return(undefined);
  }
}

async function putBlocks(url: URL, pieces: AsyncIterable<Buffer>, work: BlockWork): Promise<readonly string[]> {
  const names: string[] = [];
  const send = async (): Promise<void> => {
    for await (const piece of pieces) {
      const name = blockName(names.length);
      names.push(name);
      await put(url, `comp=block&blockid=${encodeURIComponent(name)}`, piece, { 'content-type': 'application/octet-stream' }, work);
    }
  };
  const failed = (await Promise.allSettled(Array.from({ length: BLOCKS_AT_ONCE }, send))).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return names;
}

/** Names of one blob's blocks all have the same length. */
function blockName(index: number): string {
  return Buffer.from(`strake-${String(index).padStart(8, '0')}`).toString('base64');
}

async function put(signed: URL, query: string, body: Buffer, headers: Readonly<Record<string, string>>, { calls, signal }: BlockWork): Promise<void> {
  const url = new URL(signed);
  // As text, because what is signed must stay as it was written.
  if (query !== '') url.search = `${url.search === '' ? '' : `${url.search.slice(1)}&`}${query}`;
  const reply = await calls.ask({ method: 'PUT', url, headers: { ...VERSION, ...headers }, body, signal, what: 'take an upload' });
  await reply.body.dump();
}

async function* joined(before: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* before;
  yield* rest;
}
