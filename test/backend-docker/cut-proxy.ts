import { createServer, connect, type Socket } from 'node:net';

/** A way to an engine that can be cut. */
export interface CutProxy {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Ends every connection at once, and takes no new one until `mend`. */
  cut(): void;
  /** Cuts when somebody sends something that matches: before the engine has it, or when it answers. */
  cutAt(request: RegExp, when: 'request' | 'answer'): void;
  mend(): void;
  close(): Promise<void>;
}

/** Listens on a socket of its own and passes everything on to the socket of an engine. */
export async function startCutProxy(socket: string, engine: string): Promise<CutProxy> {
  const open = new Set<Socket>();
  let isCut = false;
  let at: { readonly request: RegExp; readonly when: 'request' | 'answer' } | undefined;
  const cut = (): void => {
    isCut = true;
    for (const one of open) one.destroy();
  };
  const keep = (one: Socket): Socket => {
    open.add(one);
    return one.on('error', () => undefined).once('close', () => open.delete(one));
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isCut) return void client.destroy();
    const far = keep(connect({ path: engine, allowHalfOpen: true }));
    keep(client);
    client.once('close', () => far.destroy());
    far.once('close', () => client.destroy());
    far.pipe(client);
    client.on('data', (data) => {
      const matches = at?.request.test(data.toString('latin1')) === true;
      if (matches && at?.when === 'request') return cut();
      if (matches) far.unpipe(client).once('data', cut).resume();
      far.write(data);
    }).once('end', () => far.end());
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    cut,
    cutAt: (request, when) => (at = { request, when }),
    mend: () => {
      isCut = false;
      at = undefined;
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
