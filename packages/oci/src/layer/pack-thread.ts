import { parentPort, workerData } from 'node:worker_threads';
import { packLayerChunks } from './pack-layer';
import type { PackNews, PackOrder } from './pack-order';

/** The program of a thread that packs one layer and ends. */
function packOrdered({ directory, options, credit }: PackOrder): void {
  const chunks = packLayerChunks(directory, { ...options, kept: true, unhashed: true });
  for (;;) {
    Atomics.wait(credit, 0, 0);
    const next = chunks.next();
    if (next.done === true) return tell({ kind: 'packed', layer: next.value });
    Atomics.sub(credit, 0, 1);
    tell({ kind: 'chunk', chunk: next.value }, [next.value.buffer as ArrayBuffer]);
  }
}

function tell(news: PackNews, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(news, transfer);
}

try {
  packOrdered(workerData as PackOrder);
} catch (error) {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
