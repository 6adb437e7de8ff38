import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../engines/docker-registry';
import { startFileServer, type FileServer } from './file-server';
import { startGitHttpServer, type GitHttpServer } from './git-http-server';
import { startServer, type ServerProcess } from './processes';
import { makeRepositories, type Repositories } from './repositories';
import { startSshServer, type SshServer } from './ssh-server';

/** Everything that builds can bring in, on this machine. */
export interface RemoteServers {
  readonly files: FileServer;
  /** `http://HOST`: `app.git`, `module.git`, and `whole.git`, which is the same as `app.git` and is read at `main` only. */
  readonly git: string;
  /** As `git`, for whoever has the token {@link TOKEN}. */
  readonly guarded: string;
  /** `git://HOST`. */
  readonly daemon: string;
  /** `ssh://USER@HOST/FOLDER`, for whoever has the key. */
  readonly ssh: string;
  /** The private key that is let in. */
  readonly key: string;
  readonly repositories: Repositories;
  close(): Promise<void>;
}

/** What `GIT_AUTH_TOKEN` has to be. */
export const TOKEN = 'hush-hush';

/** What the machine must have. */
export const remoteNeeds = { root: true, programs: ['git', 'sshd', 'ssh', 'ssh-agent', 'ssh-keygen', 'busybox', 'setcap', 'tar', 'xz', 'bzip2', 'zstd'] };

/** Starts all of them on files below a folder. Needs root, git and OpenSSH. */
export async function startRemoteServers(folder: string): Promise<RemoteServers> {
  const [served, keys] = [join(folder, 'served'), join(folder, 'ssh')];
  mkdirSync(served);
  mkdirSync(keys, { mode: 0o700 });
  const repositories = makeRepositories(served);
  cpSync(join(served, 'app.git'), join(served, 'whole.git'), { recursive: true });
  const files = await startFileServer();
  const [open, guarded] = [await startGitHttpServer(served), await startGitHttpServer(served)] as const;
  guarded.wanted = `basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
  const daemon = await startGitDaemon(served);
  const ssh = await startSshServer(keys);
  return {
    files, repositories, git: `http://${open.host}`, guarded: `http://${guarded.host}`, daemon: `git://127.0.0.1:${daemon.port}`,
    ssh: `ssh://root@127.0.0.1:${ssh.port}${served}`, key: join(keys, 'user'),
    close: () => closeAll(files, open, guarded, daemon, ssh),
  };
}

async function startGitDaemon(served: string): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(['git', 'daemon', '--reuseaddr', '--listen=127.0.0.1', `--port=${port}`, '--export-all', `--base-path=${served}`], port);
}

async function closeAll(files: FileServer, open: GitHttpServer, guarded: GitHttpServer, daemon: ServerProcess, ssh: SshServer): Promise<void> {
  for (const server of [files, open, guarded]) await server.close();
  for (const server of [daemon, ssh]) await server.stop();
}

/** A tar of a small tree whose times are of 2001, as `tar` writes it with further options. */
export function archiveOf(folder: string, ...options: readonly string[]): Buffer {
  return execFileSync('tar', ['-c', '--mtime=@981173106', '--sort=name', ...options, '-C', folder, '.']);
}
