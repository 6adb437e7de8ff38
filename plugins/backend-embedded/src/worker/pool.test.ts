import { existsSync } from 'node:fs';
import type { ApplyOptions, Vertex } from '@strake/api';
import { createEmbeddedBackend } from '..';
import { applyOps, canMount, copyOp, putBusybox, RealSession, runOp } from '../test-support/real-session';
import { IdleThreads } from './idle-threads';
import { WorkerPool } from './pool';
import { workerFile } from './worker-file';

(canMount ? describe : describe.skip)('threads', () => {
  test('one that dies says so and why', async () => {
    expect(existsSync(workerFile())).toBe(true);
    const pool = new WorkerPool(1, new IdleThreads(1, { NODE_OPTIONS: '--require /nowhere.js' }));
    const error: unknown = await pool.request({ type: 'pack', directory: '/' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INTERNAL', message: 'the thread that does the file work died' });
    expect(String((error as Error).cause)).toContain('nowhere.js');
    expect(pool.size).toBe(0);
    await pool.close('/nowhere/');
  });

  (existsSync('/bin/busybox') ? test : test.skip)('what is weaker with a runtime is said once a build', async () => {
    const real = new RealSession();
    try {
      putBusybox(real);
      const session = await real.open(createEmbeddedBackend({ store: real.store, env: { PATH: process.env['PATH'], STRAKE_RUNTIME: 'namespaces' } }));
      const shell = await applyOps(session, null, [copyOp(['bin'], '/bin')]);
      const output: string[] = [];
      const options: ApplyOptions = { signal: new AbortController().signal, log: (stream, data) => output.push(`${stream} ${data.toString()}`), progress: () => undefined };
      const vertex: Vertex = { digest: 'sha256:0', ops: [runOp('echo ran')], parent: null, inputs: [], note: { name: 'test', stage: '0' } };
      await Promise.all([1, 2].map(() => session.apply(vertex, shell, [], options)));
      expect(output.filter((line) => line.startsWith('2 [strake] warning: RUN has no seccomp'))).toHaveLength(1);
      expect(output.filter((line) => line === '1 ran\n')).toHaveLength(2);
    } finally {
      await real.close();
    }
  });
});
