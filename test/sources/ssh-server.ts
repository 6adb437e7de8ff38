import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../engines/docker-registry';
import { findProgram } from '../engines/need';
import { startServer } from './processes';

/** An SSH server of our own that lets one key in, and an agent that has it. */
export interface SshServer {
  readonly port: number;
  /** The agent's socket. */
  readonly agent: string;
  stop(): Promise<void>;
}

/** Starts both, with keys made for them. Needs root: the server wants to become whoever logs in. */
export async function startSshServer(folder: string): Promise<SshServer> {
  mkdirSync('/run/sshd', { recursive: true });
  const key = (name: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    return join(folder, name);
  };
  const [host, user] = [key('host'), key('user')];
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${user}.pub`), { mode: 0o600 });
  const port = await freePort();
  writeFileSync(join(folder, 'sshd_config'), `
ListenAddress 127.0.0.1
Port ${port}
HostKey ${host}
AuthorizedKeysFile ${join(folder, 'authorized_keys')}
PasswordAuthentication no
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
PidFile none
# Not the home of whoever runs the tests: what its shell does at its start is slow, or prints.
SetEnv HOME=${folder}
`);
  const server = await startServer([findProgram('sshd') ?? 'sshd', '-D', '-e', '-f', join(folder, 'sshd_config')], port);
  const agent = await startAgent(join(folder, 'agent'));
  execFileSync('ssh-add', ['-q', user], { env: { PATH: process.env['PATH'], SSH_AUTH_SOCK: join(folder, 'agent') } });
  return {
    port, agent: join(folder, 'agent'),
    stop: async () => {
      agent.kill('SIGKILL');
      await server.stop();
    },
  };
}

async function startAgent(socket: string): Promise<ChildProcess> {
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  for (const limit = Date.now() + 10_000; Date.now() < limit && !existsSync(socket); ) await new Promise((resolve) => setTimeout(resolve, 10));
  return child;
}
