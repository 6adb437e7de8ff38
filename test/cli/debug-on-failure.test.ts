import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'script', 'crun'] }) ?? strakeUnmet();

suite('build --debug-on-failure', unmet, () => {
  let store: StrakeStore;
  let context: string;
  beforeAll(async () => {
    store = await openStrakeStore('debug', { bases: false });
    const text = 'FROM scratch\nCOPY --chmod=755 busybox /bin/busybox\nCOPY --chmod=755 busybox /bin/sh\nENV PATH=/bin V=hello\nWORKDIR /w\nUSER 7\n';
    context = store.context('context', { Dockerfile: `${text}RUN --mount=type=secret,id=s,uid=7 exit 7\n`, busybox: '', secret: 'sentinel-of-the-shell' });
    copyFileSync('/bin/busybox', join(context, 'busybox'));
  });
  afterAll(() => store.close());

  const args = ['build', '--debug-on-failure', '--secret', 'id=s,src=secret', '.'];

  /** Runs the command in a terminal of its own, and types each line when the prompt has come. */
  async function typing(...lines: readonly string[]): Promise<{ readonly code: unknown; readonly output: string }> {
    const command = [...strakeCommand, ...args].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: context, env: { ...process.env, STRAKE_STORE: store.store, TERM: 'dumb' } });
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
    const { code, output } = await typing('echo "$V in $PWD"; busybox cat /run/secrets/s; busybox test -t 0 && echo terminal', 'busybox id -u; exit 4');
    expect(output).toContain('RUN --mount=type=secret,id=s,uid=7 exit 7 (Dockerfile:7) failed with exit code 7.');
    expect(output).toMatch(/user {7}7\r\n {2}directory {2}\/w\r\n {2}mount {6}secret \/run\/secrets\/s\r\n/);
    expect(output).toMatch(/hello in \/w\r\nsentinel-of-the-shellterminal\r\n/);
    expect(output).toMatch(/\r\n7\r\n/);
    expect(output).toMatch(/The shell ended with 4; so does the build\.[^]*did not complete successfully: exit code: 7/);
    expect(code).toBe(1);
    expect(readdirSync(store.store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes('sentinel-of-the-shell'))).toEqual([]);
  }, 60_000);

  test('is refused without a terminal, before anything runs', async () => {
    const { code, output } = await store.strake(args, { cwd: context });
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('--debug-on-failure needs a terminal') });
  });
});
