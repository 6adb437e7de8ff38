import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendSession } from '@strake/api';
import { applyOps, canMount, copyOp, RealSession } from '../test-support/real-session';

(canMount ? describe : describe.skip)('ADD of archives', () => {
  let real: RealSession;
  let session: BackendSession;
  beforeEach(async () => {
    real = new RealSession();
    session = await real.open();
  });
  afterEach(() => real.close());

  const archive = (name: string, ...paths: readonly string[]): void => {
    execFileSync('tar', ['-cf', join(real.folder, 'context', name), '--no-recursion', '-C', join(real.folder, 'context', 'in'), ...paths]);
  };

  test('the last source wins, archive or not', async () => {
    real.put('in/f', 'archive');
    archive('a.tar', 'f');
    real.put('f', 'plain');
    const made = await applyOps(session, null, [copyOp(['f', 'a.tar'], '/x/', { unpack: true }), copyOp(['a.tar', 'f'], '/y/', { unpack: true })]);
    expect(['x/f', 'y/f'].map((path) => readFileSync(real.at(made, path), 'utf8'))).toEqual(['archive', 'plain']);
  });

  test('a directory that the archive only implies stays as it is, one that it has gets its mode', async () => {
    real.put('in/implied/f');
    real.put('in/named/f');
    archive('a.tar', 'implied/f', 'named', 'named/f');
    const before = await applyOps(session, null, ['/implied', '/named'].map((path) => ({ type: 'mkdir', path, mode: 0o700 }) as const));
    const made = await applyOps(session, before, [copyOp(['a.tar'], '/', { unpack: true })]);
    expect(['implied', 'named'].map((path) => lstatSync(real.at(made, path)).mode & 0o777)).toEqual([0o700, 0o755]);
  });

  test('a name that looks like a whiteout hides nothing: it is a file, as in Docker', async () => {
    real.put('in/.wh.kept');
    archive('a.tar', '.wh.kept');
    const before = await applyOps(session, null, [{ type: 'mkfile', path: '/kept', content: '', mode: 0o644 }]);
    const made = await applyOps(session, before, [copyOp(['a.tar'], '/', { unpack: true })]);
    expect(readdirSync(real.at(made))).toEqual(['.wh.kept']);
    expect(lstatSync(real.at(made, '.wh.kept')).isFile()).toBe(true);
  });
});
