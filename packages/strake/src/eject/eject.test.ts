import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineInstruction, type Lowered, type Plugin } from '@strake/api';
import { runHooks } from '@strake/plugins';
import { createBuilder, type Builder } from '../builder/create-builder';
import type { Ejected } from './eject';

const motd = defineInstruction({
  keyword: 'MOTD', summary: 'writes the message of the day', args: { kind: 'raw', expand: 'word' },
  lower: ({ args }) => ({ ops: [{ type: 'mkfile', path: '/etc/motd', content: `${args}\n`, mode: 0o644 }], config: { labels: { motd: args } } }),
});

describe('eject', () => {
  let folder: string;
  let builder: Builder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strake-eject-'));
    mkdirSync(join(folder, 'app'));
  });
  afterEach(async () => {
    await builder.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function eject(text: string, files: Readonly<Record<string, string>> = {}, more: readonly Plugin[] = []): Promise<Ejected> {
    builder = await createBuilder({ store: join(folder, 'store'), cwd: folder, plugins: ['assert', 'copy-if-exists', 'include', 'run-control', 'squash', motd, ...more] });
    for (const [name, content] of Object.entries({ Dockerfile: text, ...files })) writeFileSync(join(folder, 'app', name), content);
    return builder.eject({ context: 'app' });
  }
  const lines = async (...given: Parameters<typeof eject>): Promise<string> => (await eject(...given)).text;

  test('what is plain stays as it is written, in all stages', async () => {
    const text = '# syntax=docker/dockerfile:1\n# check=skip=all\nARG v=1\n\nFROM scratch AS a\n# why\nCOPY --chmod=600 <<"f" \\\n  /f\nbody $v\nf\nRUN --mount=type=cache,target=/c make \\\n  all\n\nFROM a\nENV x="a b" \\\n  y=$v\n';
    expect(await eject(text)).toEqual({ text, notes: [] });
  });

  test('included files are spliced', async () => {
    expect(await lines('FROM scratch\nINCLUDE f a="1 2"\nENV z=1\n', { f: '# escape=`\n# labels\nLABEL a=$a `\n  b=2\n' })).toBe('FROM scratch\nARG a="1 2"\n# labels\nLABEL a=$a   b=2\nENV z=1\n');
  });

  test('custom instructions are told by what they do', async () => {
    expect(await lines('FROM scratch\nARG who=me\nMOTD hi "$who" \\$5\n')).toBe('FROM scratch\nARG who=me\nCOPY <<"motd" /etc/motd\nhi me $5\nmotd\nLABEL motd="hi me \\$5"\n');
  });

  test('flags of plugins are left out with a note, or said in another way', async () => {
    const { text, notes } = await eject('FROM scratch\nRUN --cache-ttl=1d --network=none --retry=2 make\nASSERT true\nSQUASH BEGIN\nCOPY --if-exists --chmod=644 conf/a.json b* "/to/"\nSQUASH END\n');
    expect(text).toBe('FROM scratch\nRUN --network=none make\nCOPY --chmod=644 ["con[f]/a.jso[n]", "b*", "/to/"]\n');
    expect(notes.map(({ message, range }) => [message, range?.start.line])).toEqual([
      ['what it asks of caching and attempts is left out', 2], ['it is left out: nothing of it is in the image', 3],
      ['it is left out: the layers of its range stay several', 4], ['it is left out: the layers of its range stay several', 6],
    ]);
  });

  test('hooks around RUN are written out', async () => {
    const hooks = runHooks({ wrap: ['/bin/time'], mounts: [{ type: 'cache', target: '/c', id: 'c', sharing: 'locked', readonly: false }], verify: "test -f '/a b'" });
    const { text, notes } = await eject('FROM scratch\nRUN echo "$HOME"\n', {}, [hooks]);
    expect(text).toBe(`FROM scratch\nRUN --mount=type=cache,target=/c,id=c,sharing=locked ${JSON.stringify(['/bin/sh', '-c', `/bin/time /bin/sh -c 'echo "$HOME"' && /bin/sh -c 'test -f '\\''/a b'\\'''`])}\n`);
    expect(notes.map(({ message }) => message)).toEqual(['its programs become one of /bin/sh, which must be there']);
  });

  test('a policy of the finished graph is told, and what triggers of the image will need', async () => {
    const policy: Plugin = { name: 'policy', apply: ({ hooks }) => hooks.graph.tap('policy', (graph) => graph) };
    const { notes } = await eject('FROM scratch\nONBUILD MOTD hi\n', {}, [policy]);
    expect(notes.map(({ message, range }) => [message, range?.start.line])).toEqual([['what plugins make of the finished graph is not in it: policy', 1], ['builds on the image need what knows MOTD', 2]]);
  });

  // What an instruction of a plugin may do and no plain one can.
  test.each<[string, Lowered]>([
    ['a merge of layers', { ops: [{ type: 'merge', from: [{ kind: 'named', name: 'a' }] }] }],
    ['a source of the scheme ftp', { ops: [{ type: 'copy', from: { kind: 'source', scheme: 'ftp', reference: 'x' }, sources: ['a'], destination: '/' }] }],
    ['unpacking what is no file of the build context', { ops: [{ type: 'copy', from: { kind: 'named', name: 'a' }, sources: ['a'], destination: '/', unpack: true }] }],
    ['a program with an environment, a directory or a user of its own', { ops: [{ type: 'exec', args: ['a'], env: [], cwd: '/', user: 'app', network: 'default' }] }],
    ['a here-document that is a program, within another program,', { ops: [{ type: 'exec', args: ['a'], env: [], cwd: '/', user: '', network: 'default', scripts: [{ name: 'E', content: 'x' }] }] }],
    ['the mount /a,b', { ops: [{ type: 'exec', args: ['a'], env: [], cwd: '/', user: '', network: 'default', mounts: [{ type: 'tmpfs', target: '/a,b' }] }] }],
    ['a file that does not end with a line feed', { ops: [{ type: 'mkfile', path: '/a', content: 'x', mode: 0o644 }] }],
    ['a here-document of the name a b', { ops: [{ type: 'mkfile', path: '/a b', content: 'x\n', mode: 0o644 }] }],
    ['a here-document of the name a', { ops: [{ type: 'mkfile', path: '/a', content: 'a\n', mode: 0o644 }] }],
    ['a here-document for the path /b c/a', { ops: [{ type: 'mkfile', path: '/b c/a', content: 'x\n', mode: 0o644 }] }],
    ['a directory with an owner', { ops: [{ type: 'mkdir', path: '/a', mode: 0o755, owner: '5' }] }],
    ['a health check of a plugin', { config: { healthcheck: { Test: ['NONE'] } } }],
    ['a config without a program, where the base has one,', { config: { cmd: null } }],
    ['a value of LABEL with several lines', { config: { labels: { a: 'b\nc' } } }],
    ['a trigger with several lines', { config: { onBuild: ['RUN a\nb'] } }],
  ])('%s cannot be said, and is refused at its place', async (what, lowered) => {
    const odd = defineInstruction({ keyword: 'ODD', summary: 'does it', args: { kind: 'raw' }, lower: (_instruction, { env }) => ({ ...lowered, ...(lowered.ops === undefined ? {} : { ops: lowered.ops.map((op) => (op.type === 'exec' ? { ...op, env } : op)) }) }) });
    await expect(eject('FROM scratch AS a\nFROM scratch\nODD it\n', {}, [odd])).rejects.toMatchObject({ code: 'UNSUPPORTED', message: `${what} cannot be said in a plain Dockerfile`, range: { start: { line: 3 } } });
  });

  test('triggers come out where they stand, and are refused where they cannot', async () => {
    const put = (name: string, change: (triggers: readonly string[]) => readonly string[]): Plugin => ({ name, apply: ({ hooks }) => hooks.stageStart.tap(name, change) });
    expect(await lines('FROM scratch AS a\nONBUILD LABEL b=c\nFROM a\n', {}, [put('last', (triggers) => [...triggers, 'MOTD hi'])])).toBe('FROM scratch AS a\nCOPY <<"motd" /etc/motd\nhi\nmotd\nLABEL motd="hi"\nONBUILD LABEL b=c\n\nFROM a\nCOPY <<"motd" /etc/motd\nhi\nmotd\nLABEL motd="hi"\n');
    await builder.close();
    const first = eject('FROM scratch AS a\nONBUILD LABEL b=c\nFROM a\n', {}, [put('first', (triggers) => ['LABEL d=e', ...triggers])]);
    await expect(first).rejects.toMatchObject({ code: 'UNSUPPORTED', message: 'what a plugin puts before the triggers of the base cannot be said in a plain Dockerfile', range: { start: { line: 3 } } });
    await builder.close();
    const known = eject('FROM scratch AS a\nONBUILD MOTD hi\nFROM a\n');
    await expect(known).rejects.toMatchObject({ code: 'UNSUPPORTED', message: 'the trigger MOTD hi of the base, which plugins know or change, cannot be said in a plain Dockerfile' });
  });
});
