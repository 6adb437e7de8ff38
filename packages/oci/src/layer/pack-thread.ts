import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { packLayerChunks } from './pack-layer';
import type { PackNews, PackOrder } from './pack-order';

/** The program of a thread that packs one layer and ends. */
function packOrdered({ directory, options, credit }: PackOrder): void {
  const chunks = packLayerChunks(directory, { ...options, kept: true, unhashed: true, memory });
  for (;;) {
    Atomics.wait(credit, 0, 0);
    const next = chunks.next();
    if (next.done === true) return tell({ kind: 'packed', layer: next.value });
    Atomics.sub(credit, 0, 1);
    tell({ kind: 'chunk', chunk: next.value }, [next.value.buffer as ArrayBuffer]);
  }
}

/** What was given up, of which every chunk has the same size: memory that is new costs more than what is read into it. */
function memory(): ArrayBuffer | undefined {
  const back = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
  return (back as { readonly message: ArrayBuffer } | undefined)?.message;
}

function tell(news: PackNews, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(news, transfer);
}

try {
  packOrdered(workerData as PackOrder);
} catch (error) {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
