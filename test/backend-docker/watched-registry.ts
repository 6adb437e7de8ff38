import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { encodeHeader } from '@strake/oci';

/** A registry that has one image under every name, and remembers which credentials it was shown. */
export interface WatchedRegistry {
  /** `127.0.0.1:5000` */
  readonly host: string;
  readonly digest: string;
  /** Each `Authorization` that came, once. */
  readonly shown: Set<string>;
  stop(): Promise<void>;
}

const sha = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

/** Starts it; with `password` (`user:word`) it asks for that by HTTP's basic way. */
export async function startWatchedRegistry(content: string, password?: string): Promise<WatchedRegistry> {
  const { manifest, blobs } = imageWith(content);
  const shown = new Set<string>();
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) shown.add(authorization);
    const wanted = password === undefined ? authorization : `Basic ${Buffer.from(password).toString('base64')}`;
    if (authorization === wanted) return answer(request, response, manifest, blobs);
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="watched"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`, digest: sha(manifest), shown,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function answer({ method, url = '' }: IncomingMessage, response: ServerResponse, manifest: Buffer, blobs: ReadonlyMap<string, Buffer>): void {
  if (url === '/v2/') return void response.end('{}');
  const isManifest = url.includes('/manifests/');
  const found = isManifest ? manifest : blobs.get(url.split('/').at(-1) ?? '');
  if (found === undefined) return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Length': found.length, ...(isManifest ? { 'Content-Type': MANIFEST, 'Docker-Content-Digest': sha(manifest) } : {}) });
  response.end(method === 'HEAD' ? undefined : found);
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** An image for linux/amd64 with one file. */
function imageWith(content: string): { readonly manifest: Buffer; readonly blobs: ReadonlyMap<string, Buffer> } {
  const file = Buffer.alloc(512);
  const size = file.write(content);
  const layer = Buffer.concat([encodeHeader({ path: Buffer.from('file'), type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0n }), file, Buffer.alloc(1024)]);
  const created = '2020-01-01T00:00:00Z';
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const config = json({ architecture, os: 'linux', created, config: {}, rootfs: { type: 'layers', diff_ids: [sha(layer)] }, history: [{ created, created_by: content }] });
  const packed = gzipSync(layer);
  const manifest = json({
    schemaVersion: 2, mediaType: MANIFEST, config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: config.length, digest: sha(config) },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: packed.length, digest: sha(packed) }],
  });
  return { manifest, blobs: new Map([[sha(config), config], [sha(packed), packed]]) };
}
