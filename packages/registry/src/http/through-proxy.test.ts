import { hostPlatform } from '@strake/oci';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRegistryClient } from '../registry-client';
import { startScripted } from '../test-support/scripted-server';
import { tinyImage } from '../test-support/tiny-image';

const image = tinyImage([Buffer.from('layer')], { platform: { ...hostPlatform() } });

test('plain HTTP goes to the proxy as it is, with the name and the password for it', async () => {
  const proxy = await startScripted((request, response) => {
    if (request.url?.endsWith('/v2/') === true) return void response.end('{}');
    response.writeHead(200, { 'content-type': image.manifest.mediaType }).end(image.manifestBytes);
  });
  const client = createRegistryClient({ env: { HOME: '/nonexistent', HTTP_PROXY: `http://me:secret@${proxy.host}` }, registries: { insecure: ['registry.invalid'], attempts: 1 } });
  expect((await client.resolve('registry.invalid/app:1')).descriptor).toEqual(image.manifest);
  expect(proxy.requests.map(({ path }) => path)).toEqual(['http://registry.invalid/v2/', 'http://registry.invalid/v2/app/manifests/1']);
  for (const { headers } of proxy.requests) expect(headers['proxy-authorization']).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  await client.close();
  await proxy.stop();
});

test('HTTPS goes through a tunnel', async () => {
  const tunnels: (readonly [string | undefined, string | undefined])[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push([request.url, request.headers['proxy-authorization']]);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const client = createRegistryClient({ env: { HOME: '/nonexistent', HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }, registries: { attempts: 1 } });
  await expect(client.resolve('registry.invalid/app:1')).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  expect(tunnels).toEqual([['registry.invalid:443', undefined]]);
  await client.close();
  await new Promise((resolve) => proxy.close(resolve));
});
