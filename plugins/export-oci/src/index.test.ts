import { loadImages, openImage, openStore } from '@strake/oci';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ociExporter } from '.';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-export-oci-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('writes an archive that loads again', async () => {
  const store = openStore(join(folder, 'store'));
  const name = 'docker.io/library/app:1';
  const rootfs = execFileSync('tar', ['c', '-C', folder, '--exclude=store', '.']);
  const [image] = await loadImages(store, Readable.from([rootfs]), { name });
  const dest = join(folder, 'app.tar');
  const images = [openImage(store, store.images.get(image!.id)!.manifest)];
  const request = { images, names: [name], attributes: { dest }, signal: new AbortController().signal, progress: () => undefined };
  expect(await ociExporter(store).export(request)).toMatchObject({ path: dest, imageId: image!.id, names: [name] });
  expect(await loadImages(store, dest)).toEqual([{ id: image!.id, names: [name] }]);
  const files = execFileSync('tar', ['tf', dest]).toString().split('\n');
  expect(files.filter((file) => file.endsWith('.json'))).toEqual(['manifest.json', 'index.json']);
  store.close();
});

test('refuses what it does not know', () => {
  const exporter = ociExporter(openStore(join(folder, 'store'), { readonly: true }));
  expect(exporter.type).toBe('oci');
  expect(() => exporter.check({ dest: 'x', compresion: 'gzip' })).toThrow(expect.objectContaining({ code: 'USAGE', hint: 'Did you mean compression?' }));
});
