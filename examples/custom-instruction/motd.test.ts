import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import config from './strake.config';

const root = process.getuid?.() === 0 && process.platform === 'linux';

(root ? describe : describe.skip)('MOTD', () => {
  let folder: string;
  let builder: Builder;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strake-motd-'));
    builder = await createBuilder({ ...config, store: join(folder, 'store') });
  });
  afterEach(async () => {
    await builder.close();
    rmSync(folder, { recursive: true });
  });

  test('writes the file, keyed by its text', async () => {
    const layout = join(folder, 'layout');
    await builder.build({ context: __dirname, buildArgs: { NAME: 'strake' }, outputs: [{ type: 'oci', attributes: { dest: layout, tar: 'false' } }] });
    expect(fileOfLayer(layout, 'etc/motd')).toBe('Hello, strake!\n');
    const [same] = (await builder.plan({ context: __dirname, buildArgs: { NAME: 'strake' } })).steps;
    expect(same).toMatchObject({ name: '[1/1] MOTD Hello, strake!', cached: true, actions: ['write /etc/motd (15 bytes)'] });
    const [other] = (await builder.plan({ context: __dirname, buildArgs: { NAME: 'you' } })).steps;
    expect(other).toMatchObject({ cached: false });
  });

  test('errors point at it', async () => {
    const dockerfile = { name: 'Dockerfile', text: 'FROM scratch\nMOTD --loud hello\n' };
    await expect(builder.build({ context: __dirname, dockerfile })).rejects.toMatchObject({ code: 'UNKNOWN_FLAG', range: { start: { line: 2, column: 6 } } });
  });
});

interface Pointer {
  readonly digest: string;
}

/** A file of the only layer of the only image of an OCI layout. */
function fileOfLayer(layout: string, path: string): string {
  const blob = ({ digest }: Pointer): string => join(layout, 'blobs', digest.replace(':', '/'));
  const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const [image] = (json(join(layout, 'index.json')) as { manifests: [Pointer] }).manifests;
  const [layer] = (json(blob(image)) as { layers: [Pointer] }).layers;
  return execFileSync('tar', ['-xOf', blob(layer), path], { encoding: 'utf8' });
}
