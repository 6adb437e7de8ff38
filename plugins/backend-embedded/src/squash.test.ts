import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packLayer, TarReader } from '@strake/oci';
import type { BackendSession, SnapshotReference } from '@strake/api';
import { applyOps, canMount, copyOp, putBusybox, RealSession, runOp } from './test-support/real-session';

(canMount && existsSync('/bin/busybox') ? describe : describe.skip)('one layer of several', () => {
  let real: RealSession;
  let session: BackendSession;
  let base: SnapshotReference;
  beforeAll(async () => {
    real = new RealSession();
    session = await real.open();
    putBusybox(real, ['rm', 'mkdir', 'ln', 'mv', 'chmod', 'touch', 'cp', 'mkfifo']);
    base = await applyOps(session, null, [copyOp(['bin'], '/bin')]);
    base = await applyOps(session, base, [runOp('mkdir -p /d/sub /keep && echo 1 > /d/a && echo 2 > /d/sub/b && echo 3 > /keep/c && ln -s /bin /link')]);
  });
  afterAll(() => real.close());

  const after = async (...scripts: readonly string[]): Promise<SnapshotReference> => {
    let state = base;
    for (const script of scripts) state = await applyOps(session, state, [runOp(script)]);
    return state;
  };
  const squash = (state: SnapshotReference): Promise<SnapshotReference> => applyOps(session, base, [{ type: 'merge', inputs: [0], squash: true }], [{ kind: 'snapshot', snapshot: state }]);
  const namesOf = (snapshot: SnapshotReference): readonly string[] => {
    const names: string[] = [];
    const reader = new TarReader({ entry: ({ path }) => void names.push(path.toString()), content: () => undefined, end: () => undefined });
    packLayer(real.at(snapshot), (chunk) => reader.write(chunk));
    return names;
  };
  /** Every path of a tree with all that an image holds of it. */
  const treeOf = async (snapshot: SnapshotReference): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of session.archive?.(snapshot, {}) ?? []) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('latin1');
  };

  test.each([
    ['what was made and removed is in no layer', ['echo big > /big; mkdir /tmp; echo t > /tmp/t', 'rm -rf /big /tmp; echo x > /x'], ['x']],
    ['a file of the base that is removed', ['rm /d/a', 'echo y > /y'], ['d/', 'd/.wh.a', 'y']],
    ['a file that is removed and made again', ['rm /d/a', 'echo new > /d/a'], ['d/', 'd/a']],
    ['a directory that is made anew hides the old one', ['rm -rf /d', 'mkdir /d; echo n > /d/n'], ['d/', 'd/.wh..wh..opq', 'd/n']],
    ['a directory in place of a file, and a file in place of a directory', ['rm -rf /d /keep/c; echo f > /d', 'mkdir /keep/c; echo in > /keep/c/in'], ['d', 'keep/', 'keep/c/', 'keep/c/in']],
    ['a directory in place of a link', ['rm /link; mkdir /link', 'echo l > /link/l'], ['link/', 'link/l']],
    ['a directory that was new and is made anew needs no mark', ['mkdir /n; echo 1 > /n/1', 'rm -rf /n; mkdir /n; echo 2 > /n/2'], ['n/', 'n/2']],
    ['hard links stay together, modes and kinds stay', ['echo h > /h; ln /h /i; mkfifo /p; chmod 4750 /h', 'chmod 1777 /keep'], ['h', 'i', 'keep/', 'p']],
    ['nothing', ['true', 'true'], []],
  ])('%s', async (_name, scripts, expected) => {
    const state = await after(...scripts);
    const squashed = await squash(state);
    expect(namesOf(squashed)).toEqual(expected);
    expect(await treeOf(squashed)).toBe(await treeOf(state));
    expect(real.store.snapshots.chain(squashed.id).slice(1)).toEqual(real.store.snapshots.chain(base.id));
  });

  test('the snapshots that it is made of stay as they are', async () => {
    const state = await after('echo one > /one', 'rm /one; echo two > /two');
    const before = await treeOf(state);
    const squashed = await squash(state);
    const changed = await applyOps(session, squashed, [runOp('echo changed > /two')]);
    expect(readFileSync(real.at(changed, 'two'), 'utf8')).toBe('changed\n');
    expect(await treeOf(state)).toBe(before);
    expect(lstatSync(join(real.at(state), 'two')).size).toBe(4);
  });

  test('a base that was made a second time has the same height, and does as well', async () => {
    const state = await after('rm /d/a', 'echo z > /z');
    let twin = await applyOps(session, null, [copyOp(['bin'], '/bin')]);
    twin = await applyOps(session, twin, [runOp('mkdir -p /d; echo 1 > /d/a')]);
    const squashed = await applyOps(session, twin, [{ type: 'merge', inputs: [0], squash: true }], [{ kind: 'snapshot', snapshot: state }]);
    expect(namesOf(squashed)).toEqual(['d/', 'd/.wh.a', 'z']);
  });
});
