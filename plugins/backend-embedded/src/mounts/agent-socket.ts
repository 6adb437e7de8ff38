import { chmodSync, chownSync, closeSync, openSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { SocketMount } from '../worker/protocol';
import type { OpenMount } from './place-mounts';

const SOCKET = 'agent.sock';

/** Listens in a folder for a program's connections to an agent: a socket of its own, with the mode and owner that the mount asks for. */
export async function listenFor({ socket, mode, uid, gid }: SocketMount, folder: string): Promise<Pick<OpenMount, 'source' | 'release'>> {
  const open = new Set<Socket>();
  const server = createServer((client) => forward(client, socket, open));
  // A socket's name may have 107 bytes, and a store may lie deep.
  const fd = openSync(folder, 'r');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`/proc/self/fd/${fd}/${SOCKET}`, resolve);
    });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const source = join(folder, SOCKET);
  chownSync(source, uid, gid);
  chmodSync(source, mode);
  return {
    source,
    release() {
      for (const end of open) end.destroy();
      server.close();
      closeSync(fd);
    },
  };
}

function forward(client: Socket, path: string, open: Set<Socket>): void {
  const agent = connect(path);
  for (const [end, other] of [[client, agent], [agent, client]] as const) {
    open.add(end);
    end.on('error', () => other.destroy());
    end.on('close', () => {
      open.delete(end);
      other.destroy();
    });
    end.pipe(other);
  }
}
