import type { BuildOptions, CacheChoice } from 'strake';

/** What is another way than it was, or how it is to begin with. */
export interface MissInput {
  readonly text?: string;
  /** Files of the context by path; null takes one away. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly modes?: Readonly<Record<string, number>>;
  readonly options?: BuildOptions;
  readonly cache?: CacheChoice;
  /** Seconds that have gone by. */
  readonly later?: number;
  /** Base images by name: their config, and a file of theirs. */
  readonly images?: Readonly<Record<string, { readonly config: object; readonly file?: string }>>;
  /** Names of steps whose snapshots are gone. */
  readonly forget?: readonly string[];
}

const D = 'FROM base:1\nARG V=1\nENV MODE=a\nCOPY src /work/\nRUN make $V\nRUN last\n';

/** What is built, what is then otherwise, and what `strake explain` says of it, without the times. */
export const missCases: readonly (readonly [about: string, before: string, after: MissInput, explained: readonly string[]])[] = [
  [
    'files of a copy', D, { files: { 'src/a': 'other', 'src/b': null, 'src/new': 'x' }, modes: { 'src/c': 0o755 } },
    ['RUN [2/4] COPY src /work/', '    file src/a changed', '    file src/c changed (mode)', '    file src/new is new', '    file src/b is gone', '  because of it:', '    [3/4] RUN make 1', '    [4/4] RUN last', '0 of 3 steps cached'],
  ],
  [
    'a build argument', D, { options: { buildArgs: { V: '2' } } },
    ['RUN [3/4] RUN make 2', '    build argument V changed from "1" to "2"', 'RUN [4/4] RUN last', '    build argument V changed from "1" to "2"', '1 of 3 steps cached'],
  ],
  [
    'the default of a build argument', D, { text: D.replace('V=1', 'V=3') },
    ['RUN [3/4] RUN make 3', '    build argument V changed from "1" to "3"', 'RUN [4/4] RUN last', '    build argument V changed from "1" to "3"', '1 of 3 steps cached'],
  ],
  [
    'a build argument that is gone', D, { text: D.replace('ARG V=1\n', '').replace(' $V','') },
    ['RUN [3/4] RUN make', '    the instruction changed', '      was RUN make 1', '      is  RUN make', '    variable V is gone', 'RUN [4/4] RUN last', '    variable V is gone', '1 of 3 steps cached'],
  ],
  [
    'a variable', D, { text: D.replace('MODE=a', 'MODE=b') },
    ['RUN [3/4] RUN make 1', '    variable MODE changed from "a" to "b"', 'RUN [4/4] RUN last', '    variable MODE changed from "a" to "b"', '1 of 3 steps cached'],
  ],
  [
    'a new variable', D, { text: D.replace('MODE=a', 'MODE=a NEW=1') },
    ['RUN [3/4] RUN make 1', '    variable NEW is new', 'RUN [4/4] RUN last', '    variable NEW is new', '1 of 3 steps cached'],
  ],
  [
    'the order of variables', D.replace('ENV MODE=a', 'ENV A=1 B=2'), { text: D.replace('ENV MODE=a', 'ENV B=2 A=1') },
    ['RUN [3/4] RUN make 1', '    the order of variables changed', 'RUN [4/4] RUN last', '    the order of variables changed', '1 of 3 steps cached'],
  ],
  [
    'a variable whose name says that it is secret', 'FROM base:1\nENV API_TOKEN=hunter2\nRUN x\n', { text: 'FROM base:1\nENV API_TOKEN=def\nRUN x\n' },
    ['RUN [2/2] RUN x', '    variable API_TOKEN changed', '0 of 1 steps cached'],
  ],
  [
    'a build argument whose name says so', 'FROM base:1\nARG PASSWORD\nRUN x\n', { options: { buildArgs: { PASSWORD: 'hunter2' } } },
    ['RUN [2/2] RUN x', '    build argument PASSWORD is new', '0 of 1 steps cached'],
  ],
  [
    'a value with credentials', 'FROM base:1\nARG URL=https://u:secretword@h/x\nRUN x\n', { options: { buildArgs: { URL: 'https://u:otherword@h/y' } } },
    ['RUN [2/2] RUN x', '    build argument URL changed from "https://***@h/x" to "https://***@h/y"', '0 of 1 steps cached'],
  ],
  [
    'the base image, by its variables alone', D, { images: { 'base:1': { config: { Env: ['BASE=new'] } } } },
    ['RUN [3/4] RUN make 1', '    variable BASE changed from "1" to "new"', 'RUN [4/4] RUN last', '    variable BASE changed from "1" to "new"', '1 of 3 steps cached'],
  ],
  [
    'the base image, by what no step knows', D, { images: { 'base:1': { config: { Env: ['BASE=1'], Labels: { a: 'b' } } } } },
    ['3 of 3 steps cached'],
  ],
  [
    'the base image', D, { images: { 'base:1': { config: { Env: ['BASE=1'] }, file: 'new' } } },
    ['RUN [2/4] COPY src /work/', '    the image base:1 changed from DIGEST to DIGEST', '  because of it:', '    [3/4] RUN make 1', '    [4/4] RUN last', '0 of 3 steps cached'],
  ],
  [
    'no base image', D, { text: D.replace('base:1', 'scratch') },
    ['RUN [1/3] COPY src /work/', '    the image was "base:1", is "scratch"', 'RUN [2/3] RUN make 1', '    variable BASE is gone', 'RUN [3/3] RUN last', '    variable BASE is gone', '0 of 3 steps cached'],
  ],
  [
    'an instruction', D, { text: D.replace('make $V', 'make all $V') },
    ['RUN [3/4] RUN make all 1', '    the instruction changed', '      was RUN make 1', '      is  RUN make all 1', '  because of it:', '    [4/4] RUN last', '1 of 3 steps cached'],
  ],
  [
    'a new instruction', D, { text: D.replace('RUN make', 'RUN prepare\nRUN make') },
    ['RUN [3/5] RUN prepare', '    never built', '  because of it:', '    [4/5] RUN make 1', '    [5/5] RUN last', '1 of 4 steps cached'],
  ],
  [
    'an instruction that is gone', D, { text: D.replace('RUN make $V\n', '') },
    ['RUN [3/3] RUN last', '    it stands on another state than when it was built last', '1 of 2 steps cached'],
  ],
  [
    'the shell', D, { text: D.replace('RUN make', 'SHELL ["/bin/bash","-c"]\nRUN make') },
    ['RUN [3/4] RUN make 1', '    what it runs changed', 'RUN [4/4] RUN last', '    what it runs changed', '1 of 3 steps cached'],
  ],
  [
    'the working directory', D, { text: D.replace('RUN make', 'WORKDIR /w\nRUN make') },
    ['RUN [3/5] WORKDIR /w', '    never built', 'RUN [4/5] RUN make 1', '    the working directory changed from "/" to "/w"', 'RUN [5/5] RUN last', '    the working directory changed from "/" to "/w"', '1 of 4 steps cached'],
  ],
  [
    'the user', D, { text: D.replace('RUN make', 'USER 5\nRUN make') },
    ['RUN [3/4] RUN make 1', '    the user changed from "root" to "5"', 'RUN [4/4] RUN last', '    the user changed from "root" to "5"', '1 of 3 steps cached'],
  ],
  [
    'the network', D, { options: { network: 'host', allow: ['network.host'] } },
    ['RUN [3/4] RUN make 1', '    the network changed from "none" to "host"', 'RUN [4/4] RUN last', '    the network changed from "none" to "host"', '1 of 3 steps cached'],
  ],
  [
    'a flag', D, { text: D.replace('COPY src', 'COPY --chmod=600 src') },
    ['RUN [2/4] COPY --chmod=600 src /work/', '    the instruction changed', '      was COPY src /work/', '      is  COPY --chmod=600 src /work/', '  because of it:', '    [3/4] RUN make 1', '    [4/4] RUN last', '0 of 3 steps cached'],
  ],
  [
    'a here-document', 'FROM base:1\nCOPY <<E /e\none\nE\n', { text: 'FROM base:1\nCOPY <<E /e\ntwo\nE\n' },
    ['RUN [2/2] COPY <<E /e', '    the file that it writes changed', '0 of 1 steps cached'],
  ],
  [
    'the first line of a script', 'FROM base:1\nRUN <<E\none\nmore\nE\n', { text: 'FROM base:1\nRUN <<E\ntwo\nmore\nE\n' },
    ['RUN [2/2] RUN <<E (two...)', '    the instruction changed', '      was RUN <<E (one...)', '      is  RUN <<E (two...)', '0 of 1 steps cached'],
  ],
  [
    'another line of a script', 'FROM base:1\nRUN <<E\none\nmore\nE\n', { text: 'FROM base:1\nRUN <<E\none\nless\nE\n' },
    ['RUN [2/2] RUN <<E (one...)', '    what it runs changed', '0 of 1 steps cached'],
  ],
  [
    'a mount', 'FROM base:1\nRUN x\n', { text: 'FROM base:1\nRUN --mount=type=tmpfs,target=/t x\n' },
    ['RUN [stage-0 2/2] RUN --mount=type=tmpfs,target=/t x', '    the mount /t is new', '0 of 1 steps cached'],
  ],
  [
    'a file of a mount', 'FROM base:1\nRUN --mount=source=src,target=/m x\n', { files: { 'src/a': 'other' } },
    ['RUN [stage-0 2/2] RUN --mount=source=src,target=/m x', '    file src/a changed', '0 of 1 steps cached'],
  ],
  [
    'where a mount reads', 'FROM base:1\nRUN --mount=source=src,target=/m x\n', { text: 'FROM base:1\nRUN --mount=source=src/a,target=/m x\n' },
    ['RUN [stage-0 2/2] RUN --mount=source=src/a,target=/m x', '    the mount /m changed', '    file src is gone', '    file src/b is gone', '    file src/c is gone', '0 of 1 steps cached'],
  ],
  [
    'a stage that is copied from', 'FROM base:1 AS one\nRUN make > /made\nFROM base:1\nCOPY --from=one /made /\nRUN y\n', { text: 'FROM base:1 AS one\nRUN make 2 > /made\nFROM base:1\nCOPY --from=one /made /\nRUN y\n' },
    ['RUN [one 2/2] RUN make 2 > /made', '    the instruction changed', '      was RUN make > /made', '      is  RUN make 2 > /made', 'only building can tell, as it depends on what an earlier step makes:', '    [stage-1 2/3] COPY --from=one /made /', '    [stage-1 3/3] RUN y', '0 of 3 steps cached'],
  ],
  [
    'a file of a linked copy', 'FROM base:1\nCOPY --link src /l\n', { files: { 'src/a': 'other' } },
    ['RUN [stage-0] COPY --link src /l', '    file src/a changed', '  because of it:', '    [2/2] COPY --link src /l', '0 of 2 steps cached'],
  ],
  [
    'a linked copy', 'FROM base:1\nCOPY --link src /l\n', { text: 'FROM base:1\nCOPY --link src /m\n' },
    ['RUN [stage-0] COPY --link src /m', '    the instruction changed', '      was COPY --link src /l', '      is  COPY --link src /m', '  because of it:', '    [2/2] COPY --link src /m', '0 of 2 steps cached'],
  ],
  [
    '--no-cache', D, { options: { noCache: true } },
    ['RUN [2/4] COPY src /work/', '    asked for by --no-cache', 'RUN [3/4] RUN make 1', '    asked for by --no-cache', 'RUN [4/4] RUN last', '    asked for by --no-cache', '0 of 3 steps cached'],
  ],
  [
    '--no-cache-filter', 'FROM base:1 AS one\nRUN make\nFROM one\nRUN y\n', { options: { noCacheFilter: ['one'] } },
    ['RUN [one 2/2] RUN make', '    asked for by --no-cache-filter one', '  because of it:', '    [stage-1 1/1] RUN y', '0 of 2 steps cached'],
  ],
  [
    'the cache none', D, { cache: 'none' },
    ['RUN [2/4] COPY src /work/', '    it is not cached, by configuration', 'RUN [3/4] RUN make 1', '    it is not cached, by configuration', 'RUN [4/4] RUN last', '    it is not cached, by configuration', '0 of 3 steps cached'],
  ],
  [
    'the cache read-only', D, { cache: 'read-only', files: { 'src/a': 'other' } },
    ['RUN [2/4] COPY src /work/', '    file src/a changed', '  because of it:', '    [3/4] RUN make 1', '    [4/4] RUN last', '0 of 3 steps cached'],
  ],
  [
    'an age', D, { cache: 'ttl=1h', later: 7300 },
    ['RUN [2/4] COPY src /work/', '    made 2 hours ago, which is more than 60 minutes', 'RUN [3/4] RUN make 1', '    made 2 hours ago, which is more than 60 minutes', '  because of it:', '    [4/4] RUN last', '0 of 3 steps cached'],
  ],
  [
    'an age that is young enough', D, { cache: 'ttl=1h', later: 100 },
    ['3 of 3 steps cached'],
  ],
  [
    'a rule', D, { cache: { rules: [{ keyword: 'RUN', use: 'none' }] } },
    ['RUN [3/4] RUN make 1', '    it is not cached, by configuration', 'RUN [4/4] RUN last', '    it is not cached, by configuration', '1 of 3 steps cached'],
  ],
  [
    'a rule with an age', D, { cache: { rules: [{ keyword: 'RUN', use: 'ttl=30m' }] }, later: 4000 },
    ['RUN [3/4] RUN make 1', '    made 66 minutes ago, which is more than 30 minutes', '  because of it:', '    [4/4] RUN last', '1 of 3 steps cached'],
  ],
  [
    'tiers, of which the second has it', D, { cache: { tiers: ['ttl=30m', 'content'] }, later: 4000 },
    ['3 of 3 steps cached'],
  ],
  [
    'tiers, of which the first keeps nothing', D, { cache: { tiers: ['none', 'content'] } },
    ['3 of 3 steps cached'],
  ],
  [
    'tiers, none of which has it', D, { cache: { tiers: ['content', 'read-only'] }, files: { 'src/a': 'other' } },
    ['RUN [2/4] COPY src /work/', '    file src/a changed', '  because of it:', '    [3/4] RUN make 1', '    [4/4] RUN last', '0 of 3 steps cached'],
  ],
  [
    'RUN --no-cache', 'FROM base:1\nRUN --no-cache x\nRUN y\n', {},
    ['RUN [2/3] RUN --no-cache x', '    the instruction is never cached', '  because of it:', '    [3/3] RUN y', '0 of 2 steps cached'],
  ],
  [
    'RUN --cache-ttl', 'FROM base:1\nRUN --cache-ttl=1h x\nRUN y\n', { later: 90000 },
    ['RUN [2/3] RUN --cache-ttl=1h x', '    made 25 hours ago, which is more than 60 minutes', '  because of it:', '    [3/3] RUN y', '0 of 2 steps cached'],
  ],
  [
    'a snapshot that is gone', D, { forget: ['[4/4] RUN last'] },
    ['RUN [4/4] RUN last', '    its snapshot is no longer in the store', '2 of 3 steps cached'],
  ],
  [
    'what was never built', D, { text: 'FROM base:1 AS other\nRUN never\n' },
    ['RUN [2/2] RUN never', '    never built', '0 of 1 steps cached'],
  ],
  [
    'the second of two equal instructions', 'FROM base:1\nRUN x\nENV A=1\nRUN x\n', { text: 'FROM base:1\nRUN x\nENV A=2\nRUN x\n' },
    ['RUN [3/3] RUN x', '    variable A changed from "1" to "2"', '1 of 2 steps cached'],
  ],
  [
    'an instruction beside the image', 'FROM base:1\nRUN x\nASSERT y\n', { text: 'FROM base:1\nRUN x\nASSERT z\n' },
    ['RUN [3/3] ASSERT z', '    the instruction changed', '      was ASSERT y', '      is  ASSERT z', '1 of 2 steps cached'],
  ],
  [
    'another platform', D, { options: { platforms: ['linux/amd64', 'linux/arm64'] } },
    ['RUN [linux/arm64 3/4] RUN make 1', '    never built', 'RUN [linux/arm64 4/4] RUN last', '    never built', '4 of 6 steps cached'],
  ],
  [
    'a stage of another name', 'FROM base:1 AS one\nRUN x\n', { text: 'FROM base:1 AS two\nENV A=b\nRUN x\n' },
    ['RUN [2/2] RUN x', '    never built', '0 of 1 steps cached'],
  ],
  [
    'an instruction that stands elsewhere', 'FROM base:1 AS one\nRUN x\n', { text: 'FROM base:1 AS one\nENV A=b\nRUN p\nRUN x\n' },
    ['RUN [2/3] RUN p', '    never built', 'RUN [3/3] RUN x', '    variable A is new', '0 of 2 steps cached'],
  ],
  [
    'a file of a trigger', 'FROM onbuild:1\nRUN x\n', { files: { other: '2' } },
    ['RUN [2/3] ONBUILD COPY other /on', '    file other changed', '  because of it:', '    [3/3] RUN x', '0 of 2 steps cached'],
  ],
  [
    'the ignore file', D, { files: { '.dockerignore': 'src/a\n' } },
    ['RUN [2/4] COPY src /work/', '    file src/a is gone', '  because of it:', '    [3/4] RUN make 1', '    [4/4] RUN last', '0 of 3 steps cached'],
  ],
];
