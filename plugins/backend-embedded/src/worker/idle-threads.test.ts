import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MNT_DETACH, mount, unmount } from '@strake/syscalls';
import { canMount } from '../test-support/real-session';
import { IdleThreads } from './idle-threads';

const NOWHERE = '/nowhere/';

(canMount ? describe : describe.skip)('threads between two builds', () => {
  let idle: IdleThreads;
  beforeEach(() => (idle = new IdleThreads(1, process.env)));
  afterEach(() => idle.close());

  test('one that is given back is the next that is taken', async () => {
    const thread = idle.take();
    await idle.give(thread, NOWHERE);
    expect(idle.take()).toBe(thread);
    await thread.end();
  });

  test('no more are kept than wanted', async () => {
    const threads = [idle.take(), idle.take()];
    for (const thread of threads) await idle.give(thread, NOWHERE);
    expect(threads.map(({ isAlive }) => isAlive)).toEqual([true, false]);
  });

  test('one that left a mount is ended', async () => {
    const thread = idle.take();
    await idle.give(thread, '/proc');
    expect(thread.isAlive).toBe(false);
  });

  test('one that cannot see what is mounted now is not used', async () => {
    const thread = idle.take();
    await idle.give(thread, NOWHERE);
    const folder = mkdtempSync(join(tmpdir(), 'strake-mounted-'));
    mount('tmpfs', folder, 'tmpfs', 0, '');
    try {
      const other = idle.take();
      expect(other).not.toBe(thread);
      await other.end();
    } finally {
      unmount(folder, MNT_DETACH);
      rmdirSync(folder);
    }
  });

  test('one at work is ended with its work', async () => {
    const thread = idle.take();
    const work = thread.request({ type: 'pack', directory: '/usr' }, {}).catch((error: unknown) => error);
    await idle.give(thread, NOWHERE);
    expect(await work).toMatchObject({ code: 'CANCELLED' });
  });
});
