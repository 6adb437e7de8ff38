import type { Digest, ExportRequest, ExportResult } from '@strake/api';
import { OperatorError } from '@strake/api';
import { formedResults, type FormedResult } from '../form/formed-result';
import { hostPlatform } from '../image/host-platform';
import { manifestFor } from '../image/read-image';
import { folderTarget } from '../layout/folder-target';
import type { LayoutTarget } from '../layout/layout-target';
import { writeLayout } from '../layout/write-layout';
import type { Store } from '../store';
import { readLayoutAttributes, refuseTerminal, type LayoutAttributes } from './export-attributes';
import { tarStreamTarget } from './tar-stream-target';
import { tarFileTarget } from './tar-target';

/**
 * Does an export as a layout, in a folder or an archive; an archive also holds what `docker load` of old engines reads. Throws
 * USAGE, PERMISSION, DISK_FULL, CANCELLED, STORE_INVALID; then nothing is at the destination that was not there before.
 */
export async function exportLayout(store: Store, type: string, request: ExportRequest): Promise<ExportResult> {
  const attributes = readLayoutAttributes(type, request.attributes);
  refuseTerminal(type, attributes);
  const target = (): LayoutTarget => openTarget(attributes);
  const result = await writeResults(store, target, request, attributes);
  return { ...result, ...(attributes.destination === undefined ? {} : { path: attributes.destination }) };
}

/** Writes the images of a request to a layout that is opened when they are in the form that was asked for. Throws as `exportLayout`. */
export async function writeResults(store: Store, open: () => LayoutTarget, request: ExportRequest, attributes: Pick<LayoutAttributes, 'names' | 'tar' | 'form'>): Promise<ExportResult> {
  const names = namesOf(store, request, attributes);
  const results = await formedResults(store, request, attributes.form);
  await writeLayout(open(), results.map((result, at) => ({ ...result, names: names[at] ?? [] })), {
    dockerManifest: attributes.tar,
    signal: request.signal,
    progress: (...all) => request.progress(...all),
    ...(request.epoch === undefined ? {} : { created: new Date(request.epoch * 1000) }),
  });
  return results.length === 1 && results[0] !== undefined ? { ...writtenResult(results[0]), names: names[0] ?? [] } : {};
}

/** What an exporter answers of a result. */
export function writtenResult({ images: [first, ...more], index, descriptor }: FormedResult): ExportResult {
  return { manifest: descriptor, ...(index === undefined && more.length === 0 && first !== undefined ? { imageId: first.configDescriptor.digest } : {}) };
}

function openTarget({ destination, tar }: LayoutAttributes): LayoutTarget {
  if (destination === undefined) return tarStreamTarget(process.stdout);
  return tar ? tarFileTarget(destination) : folderTarget(destination);
}

/** One result has all the names; of several each has those that the store knows it by. */
function namesOf(store: Store, request: ExportRequest, attributes: Pick<LayoutAttributes, 'names'>): readonly (readonly string[])[] {
  const names = attributes.names ?? request.names;
  if (request.images.length === 1 || request.platforms !== undefined) return [names];
  if (attributes.names !== undefined) throw new OperatorError('USAGE', 'name= is for one image, not for several');
  return request.images.map((image) => names.filter((name) => manifestNamed(store, name) === image.manifest.digest));
}

function manifestNamed(store: Store, name: string): Digest | undefined {
  const named = store.names.get(name);
  return named === undefined ? undefined : manifestFor(store, named.manifest, hostPlatform(), name).digest;
}
