import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert';
import type { BackendCapabilities, ExecOp, LoweredMount, Mount } from '@strake/api';
import { textAt } from '../tree/tree-entry';
import { mkfileOp } from './backend-changes';
import type { Laboratory, Setting } from './laboratory';
import type { Law } from './law';

/** A line for the base's shell. Built-in commands only: a base has no others for certain. */
const shell = (line: string, more: Partial<ExecOp> = {}): ExecOp => ({ type: 'exec', args: ['/bin/sh', '-c', line], env: ['PATH=/bin:/usr/bin'], cwd: '/', user: '', network: 'none', ...more });
const mounts = (kind: LoweredMount['type']) => ({ mounts: kinds }: BackendCapabilities): boolean => kinds?.has(kind) === true;

/** Runs a line on the base; answers what it printed to each stream. */
async function print(laboratory: Laboratory, op: ExecOp, setting: Setting = {}): Promise<readonly [stdout: string, stderr: string]> {
  const out: [string, string] = ['', ''];
  await laboratory.apply([op], { parent: await laboratory.base(), log: (stream, data) => void (out[stream - 1] += data.toString()), ...setting });
  return out;
}

/** What a backend does with programs. */
export const programs: readonly Law[] = [
  {
    name: 'it says that it can run them',
    async holds({ subject: { backend: { capabilities } }, platform }) {
      deepStrictEqual([capabilities.ops.has('exec'), capabilities.cannotExecute, capabilities.canRun(platform)], [true, undefined, true]);
    },
  },
  {
    name: 'a program has its words, variables and directory, and nothing of the machine that builds',
    async holds(laboratory) {
      process.env['STRAKE_CONFORMANCE'] = 'leaked';
      const line = 'echo "[$GREETING] [$STRAKE_CONFORMANCE] $(pwd) $0 $1"';
      const [out] = await print(laboratory, { ...shell(''), args: ['/bin/sh', '-c', line, 'zero', 'a  b'], env: ['PATH=/bin', 'GREETING=a "quoted" $word'], cwd: '/bin' });
      delete process.env['STRAKE_CONFORMANCE'];
      strictEqual(out.replace(/\r/g, ''), '[a "quoted" $word] [] /bin zero a  b\n');
    },
  },
  {
    name: 'both streams are told apart, and nothing of them is lost',
    async holds(laboratory) {
      const [out, err] = await print(laboratory, shell('i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i+1)); done; echo wrong >&2; printf end'));
      strictEqual(out, `${Array.from({ length: 2000 }, (_none, at) => `line ${at}\n`).join('')}end`);
      strictEqual(err, 'wrong\n');
    },
  },
  {
    name: 'what a program writes is the layer, and its parent stays as it was',
    async holds(laboratory) {
      const parent = await laboratory.apply([mkfileOp('/before', 'old')], { parent: await laboratory.base() });
      const made = await laboratory.apply([shell('echo new > /before; echo more > /after')], { parent });
      const [tree, below] = [await laboratory.tree(made), await laboratory.tree(parent)];
      deepStrictEqual([textAt(tree, 'before'), textAt(tree, 'after'), textAt(below, 'before'), textAt(below, 'after')], ['new\n', 'more\n', 'old', undefined]);
    },
  },
  {
    name: 'a program that fails is STEP_FAILED with its exit code, and keeps nothing',
    async holds(laboratory) {
      const parent = await laboratory.base();
      await rejects(laboratory.apply([shell('echo x > /half; exit 37')], { parent }), { code: 'STEP_FAILED', exitCode: 37 });
      strictEqual(textAt(await laboratory.tree(await laboratory.apply([mkfileOp('/whole')], { parent })), 'half'), undefined);
    },
  },
  {
    name: 'a program that is cancelled ends, and so does the session',
    async holds(laboratory) {
      const stop = new AbortController();
      const work = laboratory.apply([shell('echo ready; while :; do :; done')], { parent: await laboratory.base(), signal: stop.signal, log: () => stop.abort() });
      await rejects(work, { code: 'CANCELLED' });
      await (await laboratory.session()).close();
    },
  },
  {
    name: 'a user by number runs the program',
    async holds(laboratory) {
      const parent = await laboratory.apply([{ type: 'mkdir', path: '/own', mode: 0o755, owner: '1234:1234' }], { parent: await laboratory.base() });
      const tree = await laboratory.tree(await laboratory.apply([shell('echo x > /own/file', { user: '1234:1234' })], { parent }));
      deepStrictEqual([tree.get('own/file')?.uid, tree.get('own/file')?.gid], [1234, 1234]);
    },
  },
  {
    name: 'a bind mount shows an input, and what is written to it is gone',
    needs: mounts('bind'),
    async holds(laboratory) {
      const snapshot = await laboratory.apply([mkfileOp('/dir/f', 'shown')]);
      const mount: Mount = { type: 'bind', target: '/mounted', input: 0, source: '/dir', readonly: false };
      const made = await laboratory.apply([shell('read -r word < /mounted/f || :; echo "$word" > /copy; echo y > /mounted/f', { mounts: [mount] })], { parent: await laboratory.base(), inputs: [{ kind: 'snapshot', snapshot }] });
      const tree = await laboratory.tree(made);
      deepStrictEqual([textAt(tree, 'copy'), textAt(tree, 'mounted/f'), textAt(await laboratory.tree(snapshot), 'dir/f')], ['shown\n', undefined, 'shown']);
    },
  },
  {
    name: 'a cache outlives its step, and is in no layer',
    needs: mounts('cache'),
    async holds(laboratory) {
      const mount: Mount = { type: 'cache', target: '/cache', id: `conformance-${process.pid}-${laboratory.folder}`, sharing: 'shared', readonly: false };
      const parent = await laboratory.base();
      const first = await laboratory.apply([shell('echo kept > /cache/f', { mounts: [mount] })], { parent });
      const [out] = await print(laboratory, shell('read -r word < /cache/f; echo "$word"', { mounts: [mount] }));
      deepStrictEqual([out, textAt(await laboratory.tree(first), 'cache/f')], ['kept\n', undefined]);
    },
  },
  {
    name: 'memory is empty, and in no layer',
    needs: mounts('tmpfs'),
    async holds(laboratory) {
      const parent = await laboratory.apply([mkfileOp('/t/f')], { parent: await laboratory.base() });
      const made = await laboratory.apply([shell('[ ! -e /t/f ] && echo x > /t/new', { mounts: [{ type: 'tmpfs', target: '/t' }] })], { parent });
      const tree = await laboratory.tree(made);
      deepStrictEqual([textAt(tree, 't/f'), textAt(tree, 't/new')], ['/t/f', undefined]);
    },
  },
  {
    name: 'a secret is shown to its program alone: no layer and no log has it',
    needs: mounts('secret'),
    async holds(laboratory) {
      const value = 'conformance-sentinel-value';
      const session = await laboratory.open({ secrets: { get: async (id) => (id === 'token' ? Buffer.from(value) : undefined) } });
      const mount: Mount = { type: 'secret', id: 'token', target: '/run/secrets/token', required: true, mode: 0o400, uid: 0, gid: 0 };
      let log = '';
      const op = shell(`read -r word < /run/secrets/token || :; [ "$word" = ${value.replace('-', '"-"')} ] && echo "got $word" && echo seen > /seen`, { mounts: [mount] });
      const made = await laboratory.apply([op], { parent: await laboratory.base(session), session, log: (_stream, data) => void (log += data.toString()) });
      const tree = await laboratory.tree(made);
      strictEqual(textAt(tree, 'seen'), 'seen\n');
      match(log, /^got /);
      ok(!log.includes(value), 'the log has the secret');
      ok([...tree.values()].every(({ content }) => !content.includes(value)), 'a layer has the secret');
    },
  },
  {
    name: 'a secret that is required and not given is SECRET_MISSING',
    needs: mounts('secret'),
    async holds(laboratory) {
      const mount: Mount = { type: 'secret', id: 'absent', target: '/run/secrets/absent', required: true, mode: 0o400, uid: 0, gid: 0 };
      const session = await laboratory.open({ secrets: { get: async () => undefined } });
      await rejects(laboratory.apply([shell(':', { mounts: [mount] })], { parent: await laboratory.base(session), session }), { code: 'SECRET_MISSING' });
    },
  },
];
