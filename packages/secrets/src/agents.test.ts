import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { createAgents, type Agents, type AgentSource } from '.';

const hasClient = ['ssh-agent', 'ssh-add', 'ssh-keygen'].every((tool) => existsSync(`/usr/bin/${tool}`));
const SERVER = '/usr/sbin/sshd';
const KEY_TYPES = [['ed25519', []], ['rsa', ['-b', '2048']], ['ecdsa', ['-b', '384']]] as const;

(hasClient ? describe : describe.skip)(`agents${hasClient ? '' : ' [skipped: not installed: openssh-client]'}`, () => {
  let folder: string;
  let agents: Agents | undefined;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-agents-'))));
  afterEach(async () => {
    await agents?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const key = (name: string, type = 'ed25519', more: readonly string[] = []): string => {
    const file = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, ...more, '-N', '', '-C', `comment of ${name}`, '-f', file]);
    return file;
  };
  const socketOf = async (sources: readonly AgentSource[], id = 'default', env: NodeJS.ProcessEnv = {}): Promise<string> => {
    agents = createAgents(sources, { cwd: folder, env });
    return (await agents.socket(id)) ?? '';
  };
  /** Tools block this thread, on which the agent answers: they run beside it. */
  const tool = async (args: readonly string[], socket: string, input = ''): Promise<{ readonly code: number | null; readonly output: string }> => {
    const [program = '', ...rest] = args;
    const child = spawn(program, rest, { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  };

  test.each(KEY_TYPES)('keys of type %s are shown, and sign', async (type, more) => {
    const file = key('id', type, more);
    const socket = await socketOf([{ id: 'default', paths: ['id'] }]);
    expect((await tool(['ssh-add', '-L'], socket)).output.split(' ')[1]).toBe(readFileSync(`${file}.pub`, 'utf8').split(' ')[1]);
    const publicKey = join(folder, 'only.pub');
    writeFileSync(publicKey, readFileSync(`${file}.pub`));
    const signed = await tool(['ssh-keygen', '-Y', 'sign', '-n', 'test', '-f', publicKey], socket, 'message');
    expect(signed.output).toContain('BEGIN SSH SIGNATURE');
    writeFileSync(join(folder, 'signature'), signed.output.slice(signed.output.indexOf('-----BEGIN')));
    writeFileSync(join(folder, 'signers'), `me ${readFileSync(publicKey, 'utf8')}`);
    const verify = (input: string) => spawnSync('ssh-keygen', ['-Y', 'verify', '-f', join(folder, 'signers'), '-I', 'me', '-n', 'test', '-s', join(folder, 'signature')], { input }).status;
    expect([verify('message'), verify('other')]).toEqual([0, 255]);
  });

  test('several keys, and PEM files too', async () => {
    key('one');
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '', '-f', join(folder, 'two')]);
    const { output } = await tool(['ssh-add', '-l'], await socketOf([{ id: '', paths: ['one', 'two'] }]));
    expect(output.trim().split('\n')).toHaveLength(2);
  });

  test('another agent is asked for what a build may ask, and for nothing else', async () => {
    const real = await startAgent(folder);
    try {
      execFileSync('ssh-add', ['-q', key('mine')], { env: { ...process.env, SSH_AUTH_SOCK: real.socket }, stdio: 'ignore' });
      const socket = await socketOf([{ id: 'default', paths: [] }], 'default', { SSH_AUTH_SOCK: real.socket });
      expect((await tool(['ssh-add', '-l'], socket)).output).toContain('comment of mine');
      expect((await tool(['ssh-keygen', '-Y', 'sign', '-n', 'test', '-f', join(folder, 'mine.pub')], socket, 'x')).output).toContain('BEGIN SSH SIGNATURE');
      for (const args of [['ssh-add', '-D'], ['ssh-add', key('foreign')], ['ssh-add', '-d', join(folder, 'mine')]]) expect((await tool(args, socket)).code).not.toBe(0);
      expect((await tool(['ssh-add', '-l'], real.socket)).output.trim().split('\n')).toHaveLength(1);
    } finally {
      real.stop();
    }
  });

  test('nobody else can connect, and nothing is left', async () => {
    key('id');
    const socket = await socketOf([{ id: 'work', paths: ['id'] }], 'work');
    expect(statSync(dirname(socket)).mode & 0o077).toBe(0);
    expect(await agents?.socket('other')).toBeUndefined();
    await agents?.close();
    expect(existsSync(dirname(socket))).toBe(false);
  });

  test.each<[string, readonly AgentSource[], string]>([
    ['no agent', [{ id: 'default', paths: [] }], 'SSH_AUTH_SOCK is not set'],
    ['a path that is not there', [{ id: 'default', paths: ['none'] }], 'does not exist'],
    ['no key', [{ id: 'default', paths: ['text'] }], 'is no private key'],
    ['a passphrase', [{ id: 'default', paths: ['locked'] }], 'it has a passphrase'],
    ['an id twice', [{ id: '', paths: ['id'] }, { id: 'default', paths: ['id'] }], 'duplicate agent ID "default"'],
  ])('%s is refused', (_what, sources, message) => {
    key('id');
    writeFileSync(join(folder, 'text'), 'sentinel\n');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', join(folder, 'locked')]);
    expect(() => createAgents(sources, { cwd: folder, env: {} })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }));
    expect(() => createAgents(sources, { cwd: folder, env: {} })).not.toThrow(/sentinel/);
  });

  const canServe = existsSync(SERVER) && process.getuid?.() === 0;
  (canServe ? test : test.skip)(`a server lets in who has the agent${canServe ? '' : ' [skipped: needs root and openssh-server]'}`, async () => {
    const file = key('id');
    const server = await startServer(folder, `${file}.pub`);
    try {
      const socket = await socketOf([{ id: 'default', paths: ['id'] }]);
      const login = ['ssh', '-F', '/dev/null', '-p', String(server.port), '-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${join(folder, 'known')}`, '-o', 'BatchMode=yes', '-o', 'IdentityFile=none', `${userInfo().username}@127.0.0.1`, 'echo let in'];
      expect((await tool(login, socket)).output).toContain('let in');
      expect((await tool(login, '/nowhere')).code).not.toBe(0);
    } finally {
      server.stop();
    }
  }, 30_000);
});

async function startAgent(folder: string): Promise<{ readonly socket: string; stop(): void }> {
  const socket = join(folder, 'real.sock');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return { socket, stop: () => void child.kill() };
}

async function startServer(folder: string, publicKey: string): Promise<{ readonly port: number; stop(): void }> {
  const port = await freePort();
  const hostKey = join(folder, 'host');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
  const options = [`HostKey=${hostKey}`, 'ListenAddress=127.0.0.1', `AuthorizedKeysFile=${publicKey}`, 'StrictModes=no', 'UsePAM=no', 'PasswordAuthentication=no', 'PidFile=none', 'PermitRootLogin=yes'];
  execFileSync('mkdir', ['-p', '/run/sshd']);
  const child: ChildProcess = spawn(SERVER, ['-D', '-e', '-f', '/dev/null', '-p', String(port), ...options.flatMap((option) => ['-o', option])], { stdio: ['ignore', 'ignore', 'pipe'] });
  if (child.stderr === null) throw new Error('no output');
  for await (const data of child.stderr) if (String(data).includes('listening')) break;
  return { port, stop: () => void child.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
