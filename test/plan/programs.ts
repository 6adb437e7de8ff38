import type { MemoryFiles, MemoryProgram, MemoryRun } from '@strake/testing';

/** What each text of RUN does: a shell runs it on a real backend, the function in memory. */
const texts: Readonly<Record<string, (files: MemoryFiles, env: ReadonlyMap<string, string>) => number | void>> = {
  'busybox true': () => undefined,
  'echo made > /made': (files) => files.set('/made', 'made\n'),
  'echo same > /out': (files) => files.set('/out', 'same\n'),
  'echo $V $MODE > /v': (files, env) => files.set('/v', `${env.get('V') ?? ''} ${env.get('MODE') ?? ''}\n`),
  'busybox cat /work/a > /copy || true': (files) => files.set('/copy', files.get('/work/a') ?? ''),
  'busybox ls /work > /list || true': (files) => files.set('/list', files.paths().filter((path) => /^work\/[^/]*$/.test(path)).join('\n')),
  'busybox rm -f /made': (files) => files.delete('/made'),
  // What differs each time that it is run.
  'busybox cat /proc/sys/kernel/random/uuid > /random': (files) => files.set('/random', String((turns += 1))),
  'busybox cat /m/made > /seen || true': (files) => files.set('/seen', files.get('/m/made') ?? ''),
  'busybox cat /m/a > /seen || true': (files) => files.set('/seen', files.get('/m/a') ?? ''),
  'echo x >> /c/n; busybox cp /c/n /count': (files) => {
    files.set('/c/n', `${files.get('/c/n') ?? ''}x\n`);
    files.set('/count', files.get('/c/n') ?? '');
  },
  'echo a > /first\necho b > /second': (files) => {
    files.set('/first', 'a\n');
    files.set('/second', 'b\n');
  },
  'busybox false': () => 1,
  '[ -e /made ] || echo m > /made; [ -e /out ] || echo o > /out': (files) => {
    if (files.get('/made') === undefined) files.set('/made', 'm\n');
    if (files.get('/out') === undefined) files.set('/out', 'o\n');
  },
};

let turns = 0;

/** The last instruction of each stage, so that others find what they take. */
export const ALWAYS = 'RUN [ -e /made ] || echo m > /made; [ -e /out ] || echo o > /out';

/** `/bin/sh -c TEXT` of a test, without a shell. */
export const shell: MemoryProgram = (files, { exec: { args, env, scripts } }: MemoryRun) => {
  const text = (scripts?.[0]?.content ?? args[2] ?? '').trim();
  const program = texts[text];
  if (program === undefined) throw new TypeError(`no program for ${JSON.stringify(text)}`);
  return program(files, new Map(env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)])));
};
