import { defineInstruction, deriveInstruction, type Plugin } from '@strake/api';
import { runHooks } from '@strake/plugins';
import type { PluginEntry } from 'strake';

/** A file with instructions of plugins, and what its plain form may have otherwise. */
export interface EjectCase {
  readonly about: string;
  readonly text: string;
  readonly plugins: readonly PluginEntry[];
  /** Files of the build context, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What is told of the plain form, in order. */
  readonly notes?: readonly string[];
  /** The plain form has other layers, as its notes say. */
  readonly otherLayers?: true;
  /** The context is a git repository. */
  readonly git?: true;
}

const motd = defineInstruction({
  keyword: 'MOTD', summary: 'writes the message of the day', args: { kind: 'raw', expand: 'word' },
  lower: ({ args }) => ({ ops: [{ type: 'mkfile', path: '/etc/motd', content: `${args}\n`, mode: 0o644 }], config: { labels: { motd: args } } }),
});

const service = defineInstruction({
  keyword: 'SERVICE', summary: 'all of a config that an instruction can say', flags: { port: { type: 'string', summary: 'its port' } }, args: { kind: 'words', expand: 'word' },
  lower: ({ args: [name = ''], flags }) => ({
    ops: [
      { type: 'mkdir', path: `/srv/${name}/data`, mode: 0o700 },
      { type: 'copy', from: { kind: 'context' }, sources: ['app', 'c*'], destination: `/srv/${name}/`, chown: '7:8', chmod: '750', exclude: ['**/*.tmp'] },
      { type: 'mkfile', path: `/srv/${name}/run.sh`, content: '#!/bin/sh\necho "$HOME" `id` \\\\n\n', mode: 0o755, owner: '7:8' },
      { type: 'exec', args: ['/bin/sh', '-c', `echo "it's $WHO" > /srv/${name}/made`], env: ENV, cwd: '/', user: '', network: 'default' },
    ],
    config: {
      env: [{ name: 'SERVICE', value: name }, { name: 'ODD', value: 'a "b" $c \\d' }], labels: { 'service.name': name, 'odd label': "it's" }, exposedPorts: [`${flags.port ?? '80'}/tcp`], volumes: ['/data', '/with blank $x'],
      cmd: ['run', 'a b', '$HOME'], entrypoint: [`/srv/${name}/run.sh`], user: '7:8', workingDir: `/srv/${name}`, stopSignal: 'SIGTERM', shell: ['/bin/ash', '-c'], onBuild: ['RUN echo built'],
    },
  }),
});
const ENV = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];

const tool = defineInstruction({
  keyword: 'TOOL', summary: 'copies of a stage, linked', args: { kind: 'words', expand: 'word' },
  lower: ({ args: [stage = ''] }) => ({ link: true, ops: [{ type: 'copy', from: { kind: 'named', name: stage }, sources: ['/made'], destination: '/tools/' }], args: [{ name: 'VERSION', value: '3' }] }),
});

/** A RUN in a directory that is made first. */
const build = deriveInstruction({
  keyword: 'BUILD', like: 'RUN', summary: 'a RUN that leaves a mark',
  lower: (lowered) => ({ ...lowered, ops: [...(lowered.ops ?? []), ...(lowered.ops ?? []).map((op) => (op.type === 'exec' ? { ...op, args: ['/bin/sh', '-c', 'echo "a mark" > /mark'] } : op))] }),
});

/** A COPY that is root's alone. */
const secretly = deriveInstruction({ keyword: 'GUARD', like: 'COPY', summary: 'a COPY of mode 600', lower: (lowered) => ({ ...lowered, ops: (lowered.ops ?? []).map((op) => (op.type === 'copy' ? { ...op, chmod: '600' } : op)) }) });

const labelled: Plugin = {
  name: 'labels-of-copies',
  apply: ({ hooks }) => hooks.after.for('COPY').tap('labels-of-copies', (lowered) => ({ ...lowered, config: { ...lowered.config, labels: { copied: 'yes $x' } } })),
};

const onTop: Plugin = { name: 'on-top', apply: ({ hooks }) => hooks.stageStart.tap('on-top', (triggers) => ['RUN echo top > /top', ...triggers]) };

/** Leaves instructions out, and changes others. */
const leftOut: Plugin = {
  name: 'left-out',
  apply: ({ hooks }) => hooks.dockerfile.tap('left-out', (file) => ({ ...file, instructions: file.instructions.filter(({ comments }) => !comments.includes('only: ci')).map((node) => (node.keyword === 'ENV' ? { ...node, text: 'x=other y=$x' } : node)) })),
};

const BASE = 'FROM example.test/base:1';

export const ejectCases: readonly EjectCase[] = [
  { about: 'what is plain stays', plugins: ['include'], text: `# escape=\`\nARG V=1\n${BASE} AS one\nARG V\nRUN echo $V > /v && \`\n  true\nCOPY <<f /f\nit is $V\nf\n${BASE}\nCOPY --from=one /v /f /\nENV x="a b" \`\n  y=$V\nCMD ["a", "$x"]\n` },
  {
    about: 'INCLUDE in a stage and before all stages, with arguments and here-documents', plugins: ['include'], buildArgs: { TEAM: 'given' },
    text: `INCLUDE versions\nFROM example.test/base:$BASE\nINCLUDE steps TEAM=web NOTE="a b"\nENV after=1\n`,
    files: { versions: 'ARG BASE=1\n', steps: '# escape=`\nLABEL team=$TEAM `\n  note="$NOTE"\nRUN <<E\necho "$TEAM" > /team\nE\nCOPY <<"here" /here\n$TEAM\nhere\nINCLUDE deeper\n', deeper: 'WORKDIR /deep\nCOPY app .\n', app: 'app' },
  },
  { about: 'a custom instruction that writes a file and a label', plugins: [motd], text: `${BASE}\nARG WHO=me\nMOTD hi "$WHO" \\$5 (\`x\`)\n` },
  {
    about: 'a custom instruction that does all that one can', plugins: [service], files: { app: 'app', 'conf/a.conf': 'a', 'conf/b.tmp': 'b' },
    text: `${BASE}\nSERVICE --port=8080 web\n`, otherLayers: true, notes: ['it becomes a program of the image: mkdir', 'its layer becomes 4'],
  },
  { about: 'a linked copy of a stage, and a declared argument', plugins: [tool], text: `${BASE} AS one\nRUN echo made > /made\n${BASE}\nTOOL one\nRUN echo "$VERSION" > /version\n` },
  { about: 'instructions that are written like others', plugins: [build, secretly], files: { app: 'app' }, text: `${BASE}\nWORKDIR /w\nBUILD --network=none echo "one $HOME" > one\nGUARD app /\n`, notes: ['its programs become one of /bin/sh, which must be there'] },
  {
    about: 'hooks around RUN', text: `${BASE}\nENV A=b\nRUN echo "$A" > /a\nRUN ["/bin/sh", "-c", "echo exec > /b"]\n`,
    plugins: [runHooks({ wrap: ['/bin/env', 'WRAPPED=1 $x'], prepend: 'echo first > "/fir st"', verify: 'test -e "/fir st"', mounts: [{ type: 'tmpfs', target: '/cache' }] })],
    notes: ['its programs become one of /bin/sh, which must be there', 'its programs become one of /bin/sh, which must be there'],
  },
  { about: 'ASSERT', plugins: ['assert'], text: `${BASE}\nRUN echo a > /a\nASSERT test -e /a && echo no > /no\n`, notes: ['it is left out: nothing of it is in the image'] },
  {
    about: 'SQUASH', plugins: ['squash'], text: `${BASE}\nSQUASH BEGIN\nRUN echo a > /a\nRUN rm /a && echo b > /b\nSQUASH END\nENV x=y\n`, otherLayers: true,
    notes: ['it is left out: the layers of its range stay several', 'it is left out: the layers of its range stay several'],
  },
  {
    about: 'COPY --if-exists', plugins: ['copy-if-exists'], files: { 'conf/a.json': 'a', there: 'b' },
    text: `${BASE} AS one\nRUN echo made > /made\n${BASE}\nCOPY --if-exists there missing conf/a.json no/such/file "*.none" /to/\nCOPY --if-exists --from=one /made /nothing /from/\nCOPY --if-exists --chmod=600 conf/*.json /conf/\n`,
  },
  { about: 'LABEL --from-git', plugins: ['label-from-git'], git: true, files: { app: 'app' }, text: `${BASE}\nLABEL --from-git own="a b"\nCOPY app /\n` },
  { about: 'what a hook makes of an instruction', plugins: [labelled], files: { app: 'app' }, text: `${BASE}\nCOPY app /app\n` },
  { about: 'what a hook puts at the beginning of a stage', plugins: [onTop], text: `${BASE} AS one\nRUN echo one > /one\nFROM one\nCOPY --from=one /top /copied\n` },
  {
    about: 'what a hook makes of the whole file', plugins: [leftOut], files: { app: 'app' },
    text: `${BASE}\n# only: ci\nRUN echo no > /no\nRUN --mount=type=tmpfs,target="/a b" echo 'a b' \\\n  > /was\nENV x=changed\n`,
  },
  { about: 'triggers for builds on the image', plugins: [motd], text: `${BASE}\nONBUILD RUN echo a\nONBUILD MOTD hi\n`, notes: ['builds on the image need what knows MOTD'] },
  { about: 'triggers of a base image', plugins: [motd], files: { app: 'app' }, text: 'FROM example.test/onbuild:1\nMOTD hi\n' },
];
