import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OperatorError, type SshProvider } from '@strake/api';
import { KeyAgent } from './agent/key-agent';
import { serveKeys, serveSocket } from './agent/serve-agent';

/** One agent: the socket of one that runs, or files of private keys; without paths the user's own agent. */
export interface AgentSource {
  /** `default` when empty. */
  readonly id: string;
  readonly paths: readonly string[];
}

/** What agents are opened with. */
export interface AgentOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Agents that listen until they are closed. */
export interface Agents extends SshProvider {
  close(): Promise<void>;
}

/** Answers one connection. */
type Answer = (client: Socket) => void;

/**
 * Agents for `RUN --mount=type=ssh` by id. Each listens on a socket of its own in a folder that only this user can enter, from the
 * first program that wants it on; it shows keys and signs, and refuses everything else. Throws USAGE for paths that cannot be used.
 */
export function createAgents(sources: readonly AgentSource[], options: AgentOptions): Agents {
  const answers = new Map<string, Answer>();
  for (const source of sources) {
    const id = source.id === '' ? 'default' : source.id;
    if (answers.has(id)) throw new OperatorError('USAGE', `duplicate agent ID "${id}"`);
    answers.set(id, answerOf(id, source.paths, options));
  }
  return new ListeningAgents(answers);
}

class ListeningAgents implements Agents {
  private readonly answers: ReadonlyMap<string, Answer>;
  private readonly sockets = new Map<string, Promise<string>>();
  private readonly servers: Server[] = [];
  private readonly clients = new Set<Socket>();
  private folder: string | undefined;

  constructor(answers: ReadonlyMap<string, Answer>) {
    this.answers = answers;
  }

  async socket(id: string): Promise<string | undefined> {
    const answer = this.answers.get(id);
    if (answer === undefined) return undefined;
    const socket = this.sockets.get(id) ?? this.listen(answer);
    this.sockets.set(id, socket);
    return socket;
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await Promise.all(this.servers.map((server) => new Promise((closed) => server.close(closed))));
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private async listen(answer: Answer): Promise<string> {
    this.folder ??= mkdtempSync(join(tmpdir(), 'strake-ssh-'));
    const path = join(this.folder, `agent.${this.servers.length}`);
    const server = createServer((client) => {
      this.clients.add(client);
      client.on('close', () => this.clients.delete(client));
      answer(client);
    });
    this.servers.push(server);
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(path, listening);
    });
    // A build does not wait for who might still connect.
    server.unref();
    chmodSync(path, 0o600);
    return path;
  }
}

function answerOf(id: string, written: readonly string[], { cwd, env }: AgentOptions): Answer {
  const own = env['SSH_AUTH_SOCK'] ?? '';
  const none = written.every((path) => path === '');
  if (none && own === '') throw new OperatorError('USAGE', `there is no SSH agent for ${id}: SSH_AUTH_SOCK is not set`, { hint: `start ssh-agent, or give a key: --ssh ${id}=FILE` });
  const paths = none ? [own] : written.map((path) => resolve(cwd, path));
  const sockets = paths.filter(isSocket);
  const [socket] = sockets;
  if (socket === undefined) {
    const agent = new KeyAgent(paths);
    return (client) => serveKeys(client, agent);
  }
  if (sockets.length > 1) throw new OperatorError('USAGE', 'only single socket allowed', { hint: `give another agent another id: --ssh ${id}2=${sockets[1]}` });
  if (paths.length > 1) throw new OperatorError('USAGE', 'invalid combination of keys and sockets', { hint: 'give the keys to the agent with ssh-add' });
  return (client) => serveSocket(client, socket);
}

function isSocket(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new OperatorError('USAGE', `${path} does not exist: it is neither the socket of an SSH agent nor a key`);
  return stats.isSocket();
}
