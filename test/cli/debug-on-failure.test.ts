import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { findWords } from '../run-mounts/find-words';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'script', 'crun', 'ssh-keygen'] }) ?? strakeUnmet();

suite('build --debug-on-failure', unmet, () => {
  let store: StrakeStore;
  let context: string;
  let temporary: string;
  /** A line of the private key, too. */
  const words = ['file', 'variable', 'argument'].map((where) => `sentinel-${where}-${randomBytes(12).toString('hex')}`);
  beforeAll(async () => {
    store = await openStrakeStore('debug', { bases: false });
    const text = 'FROM scratch\nCOPY --chmod=755 busybox /bin/busybox\nCOPY --chmod=755 busybox /bin/sh\nENV PATH=/bin V=hello\nWORKDIR /w\nUSER 7\n';
    context = store.context('context', { Dockerfile: `${text}RUN --mount=type=secret,id=s,uid=7 exit 7\n`, busybox: '', secret: 'sentinel-of-the-shell' });
    copyFileSync('/bin/busybox', join(context, 'busybox'));
    temporary = join(store.folder, 'temporary');
    mkdirSync(temporary);
    mkdirSync(join(store.folder, 'outside'));
    writeFileSync(join(store.folder, 'outside', 'secret'), words[0] ?? '');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(store.folder, 'outside', 'key')]);
    words.push(readFileSync(join(store.folder, 'outside', 'key'), 'utf8').split('\n')[2] ?? '');
    const mounts = '--mount=type=secret,id=file,uid=7 --mount=type=secret,id=variable,env=S --mount=type=ssh,uid=7';
    writeFileSync(join(context, 'Every'), `${text}ARG TOKEN\nRUN ${mounts} echo "$TOKEN $S"; exit 7\n`);
  });
  afterAll(() => store.close());

  const args = ['build', '--debug-on-failure', '--secret', 'id=s,src=secret', '.'];

  /** Runs the command in a terminal of its own, and types each line when the prompt has come. */
  async function typing(lines: readonly string[], given = args, env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: unknown; readonly output: string }> {
    const command = [...strakeCommand, ...given].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: context, env: { ...process.env, STRAKE_STORE: store.store, TERM: 'dumb', TMPDIR: temporary, ...env } });
    const left = [...lines];
    let output = '';
    let seen = 0;
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      const prompt = output.indexOf('/w $ ', seen);
      if (prompt < 0) return;
      seen = prompt + 1;
      const line = left.shift();
      if (line !== undefined) child.stdin.write(`${line}\n`);
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, output };
  }

  test('opens a shell with what the step had, and fails as the step did', async () => {
    const { code, output } = await typing(['echo "$V in $PWD"; busybox cat /run/secrets/s; busybox test -t 0 && echo terminal', 'busybox id -u; exit 4']);
    expect(output).toContain('RUN --mount=type=secret,id=s,uid=7 exit 7 (Dockerfile:7) failed with exit code 7.');
    expect(output).toMatch(/user {7}7\r\n {2}directory {2}\/w\r\n {2}mount {6}secret \/run\/secrets\/s\r\n/);
    expect(output).toMatch(/hello in \/w\r\nsentinel-of-the-shellterminal\r\n/);
    expect(output).toMatch(/\r\n7\r\n/);
    expect(output).toMatch(/The shell ended with 4; so does the build\.[^]*did not complete successfully: exit code: 7/);
    expect(code).toBe(1);
    expect(findWords(store.store, ['sentinel-of-the-shell'])).toEqual([]);
  }, 60_000);

  // Who sits at the terminal sees what the shell prints; what strake itself shows and keeps has none of it.
  test('shows and keeps no secret, whatever the way in', async () => {
    const given = ['build', '--debug-on-failure', '--progress', 'plain', '-f', 'Every', '--secret', 'id=file,src=../outside/secret', '--secret', 'id=variable,env=VARIABLE', '--secret-arg', 'TOKEN', '--ssh', 'default=../outside/key', '.'];
    const { code, output } = await typing(['busybox test -f /run/secrets/file -a -n "$S" -a -S "$SSH_AUTH_SOCK" && echo all of "them"', 'exit'], given, { VARIABLE: words[1] ?? '', TOKEN: words[2] ?? '' });
    expect(output).toContain('*** ***');
    expect(output).toContain('all of them');
    expect(code).toBe(1);
    expect(words.filter((word) => output.includes(word))).toEqual([]);
    for (const folder of [store.store, temporary]) expect(findWords(folder, words)).toEqual([]);
  }, 60_000);

  test('is refused without a terminal, before anything runs', async () => {
    const { code, output } = await store.strake(args, { cwd: context });
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('--debug-on-failure needs a terminal') });
  });
});
