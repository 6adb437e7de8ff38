import type { BuildEvent, ExportRequest, ExportResult } from '@strake/api';
import type { ChosenExport } from './choose-exports';

/** Does the exports of a build one after the other, in the order in which they were asked for. The first failure ends it. */
export async function exportAll(
  exports: readonly ChosenExport[],
  request: Omit<ExportRequest, 'attributes' | 'progress'>,
  emit: (event: BuildEvent) => void,
): Promise<readonly (ExportResult & { readonly type: string })[]> {
  const results: (ExportResult & { readonly type: string })[] = [];
  for (const { exporter, attributes } of exports) {
    const name = `exporting to ${exporter.type}`;
    const begun = performance.now();
    emit({ type: 'export', at: Date.now(), name, state: 'started' });
    const result = await exporter.export({ ...request, attributes, progress: () => undefined });
    emit({ type: 'export', at: Date.now(), name, state: 'done', milliseconds: performance.now() - begun });
    results.push({ ...result, type: exporter.type });
  }
  return results;
}
