import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { detached } from './detached';

describe('a detached body', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  /** Begins a request of a hundred bytes, of which `sent` come, and answers the server's side of it. */
  async function begun(sent: string): Promise<{ readonly body: IncomingMessage; readonly stream: Readable; readonly end: (rest?: string) => void }> {
    const { port } = server.address() as AddressInfo;
    const client = request({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 100 } }).on('error', () => undefined);
    client.write(sent);
    const [body] = (await once(server, 'request')) as [IncomingMessage];
    return { body, stream: detached(body, 60_000), end: (rest) => (rest === undefined ? client.destroy() : client.end(rest)) };
  }

  test('is what was sent', async () => {
    const { stream, end } = await begun('x'.repeat(40));
    end('y'.repeat(60));
    expect(await text(stream)).toBe('x'.repeat(40) + 'y'.repeat(60));
  });

  test('tells its reader that the client went away', async () => {
    const { stream, end } = await begun('x');
    end();
    await expect(text(stream)).rejects.toThrow('the client has gone away');
  });

  test('that nobody reads ends quietly when the client goes away', async () => {
    const { body, stream, end } = await begun('x');
    end();
    await new Promise((resolve) => body.once('close', resolve));
    expect(stream.destroyed).toBe(true);
  });
});
