import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { leftOvers } from '../builders/left-overs';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar'] }) ?? strakeUnmet();

suite('caches of RUN among processes', unmet, () => {
  let store: StrakeStore;
  beforeAll(async () => (store = await openStrakeStore('caches', { bases: true })), 60_000);
  afterAll(() => store.close(), 60_000);

  const context = (name: string, run: string): string => store.context(name, { Dockerfile: `FROM example.test/base:1\nARG me other\n${run}\n` });
  const build = (folder: string, me = 'a', other = 'b') => store.strake(['build', '--no-cache', '--progress', 'plain', '--build-arg', `me=${me}`, '--build-arg', `other=${other}`, folder]);
  /** Ends with 1 when the other one does not come in 20 seconds. */
  const meet = (folder: string): string => `touch ${folder}/$me; n=0; until [ -e ${folder}/$other ]; do n=$((n+1)); [ $n -lt 400 ] || exit 1; sleep 0.05; done`;
  const both = (folder: string) => Promise.all([build(folder, 'a', 'b'), build(folder, 'b', 'a')]);

  test('a shared one is used by two at once', async () => {
    const results = await both(context('shared', `RUN --mount=type=cache,id=shared,target=/c ${meet('/c')}`));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
  }, 60_000);

  test('a private one is a copy for each', async () => {
    const mounts = '--mount=type=cache,id=meeting,target=/m --mount=type=cache,id=own,target=/c,sharing=private';
    const results = await both(context('private', `RUN ${mounts} touch /c/$me && ${meet('/m')} && [ "$(ls /c)" = $me ]`));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    const { stdout } = await store.strake(['cache', 'ls', '--format', 'json']);
    expect(stdout.split('\n').find((line) => line.includes('"own"'))).toContain('"copies":2');
  }, 60_000);

  test('a locked one is used by one after the other', async () => {
    const folder = context('locked', 'RUN --mount=type=cache,id=locked,target=/c,sharing=locked mkdir /c/busy && sleep 0.5 && rmdir /c/busy && echo $me >> /c/done');
    const results = await Promise.all(['a', 'b', 'c'].map((me) => build(folder, me)));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    const shown = await build(context('look', 'RUN --mount=type=cache,id=locked,target=/c sort /c/done | tr -d "\\n"'));
    expect(shown.output).toContain('abc');
  }, 60_000);

  test('two that lock the same ones in another order do not wait for each other', async () => {
    const folder = context('order', 'RUN --mount=type=cache,id=one,target=/1,sharing=locked --mount=type=cache,id=two,target=/2,sharing=locked sleep 0.3');
    const reversed = context('reversed', 'RUN --mount=type=cache,id=two,target=/1,sharing=locked --mount=type=cache,id=one,target=/2,sharing=locked sleep 0.3');
    const results = await Promise.all([build(folder), build(reversed), build(folder), build(reversed)]);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  }, 60_000);

  test('kill -9 in the middle leaves no lock, no mount and no program', async () => {
    const mounts = '--mount=type=cache,id=killed,target=/c,sharing=locked --mount=target=/ctx,rw --mount=type=tmpfs,target=/t --mount=type=secret,id=s,target=/s --mount=type=secret,id=s,env=S';
    const folder = context('killed', `RUN ${mounts} echo up; sleep 98712`);
    writeFileSync(join(store.folder, 'secret'), 'sentinel-of-the-killed');
    const child = spawn(strakeCommand[0] ?? '', [...strakeCommand.slice(1), 'build', '--progress', 'plain', '--secret', `id=s,src=${join(store.folder, 'secret')}`, folder], { env: { ...process.env, STRAKE_STORE: store.store }, stdio: ['ignore', 'ignore', 'pipe'] });
    await said(child, / up$/m);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await build(context('after', 'RUN --mount=type=cache,id=killed,target=/c,sharing=locked true'));
    expect(next.code).toBe(0);
    while (leftOvers(store.store).processes.length > 0) await setImmediate();
    expect(leftOvers(store.store)).toEqual({ processes: [], mounts: [], unfinished: [] });
  }, 60_000);

  test('what a program uses is neither written out nor removed', async () => {
    const folder = context('used', 'RUN --mount=type=cache,id=used,target=/c echo up; sleep 98713');
    const child = spawn(strakeCommand[0] ?? '', [...strakeCommand.slice(1), 'build', '--progress', 'plain', folder], { env: { ...process.env, STRAKE_STORE: store.store }, stdio: ['ignore', 'ignore', 'pipe'] });
    await said(child, / up$/m);
    const [exported, pruned] = [await store.strake(['cache', 'export', 'used', join(store.folder, 'used.tar')]), await store.strake(['cache', 'prune', 'used'])];
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(exported).toMatchObject({ code: 1, output: expect.stringContaining('in use') });
    expect(pruned.output).toContain('in use, kept: cache used');
  }, 60_000);

  test('one goes to another store', async () => {
    const folder = context('filled', 'RUN --mount=type=cache,id=moved,target=/c,mode=0750,uid=5 echo content > /c/f && chown 6:7 /c/f && ln /c/f /c/g');
    expect((await build(folder)).code).toBe(0);
    const file = join(store.folder, 'moved.tar');
    expect((await store.strake(['cache', 'export', 'moved', file])).code).toBe(0);
    expect((await store.strake(['cache', 'prune', 'moved'])).output).toContain('cache moved');
    const look = 'RUN --mount=type=cache,id=moved,target=/c,mode=0750,uid=5 stat -c "%a %u" /c; stat -c "%u:%g %h" /c/g; cat /c/g';
    expect((await build(context('empty', look))).code).not.toBe(0);
    expect((await store.strake(['cache', 'import', file])).output).toContain('Imported cache: moved');
    const { output, code } = await build(context('again', look));
    expect(code).toBe(0);
    for (const line of ['750 5', '6:7 2', 'content']) expect(output).toContain(line);
  }, 60_000);

  test('prune of all counts them', async () => {
    await build(context('counted', 'RUN --mount=type=cache,id=counted,target=/c head -c 3000000 /dev/zero > /c/f'));
    expect((await store.strake(['prune', '--force'])).output).not.toContain('cache counted');
    expect((await store.strake(['prune', '--all', '--force', '--dry-run'])).output).toContain('cache counted');
    expect((await store.strake(['prune', '--all', '--force'])).output).toContain('cache counted');
    expect((await store.strake(['cache', 'ls', '--format', 'json'])).stdout).toBe('');
  }, 60_000);
});

/** Waits until a child's messages match. */
async function said(child: ChildProcess, pattern: RegExp): Promise<void> {
  let text = '';
  if (child.stderr === null) throw new Error('no output');
  for await (const data of child.stderr) {
    text += String(data);
    if (pattern.test(text)) {
      child.stderr.resume();
      return;
    }
  }
  throw new Error(`the command ended: ${text}`);
}
