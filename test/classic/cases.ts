import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'strake';

/** A Dockerfile that both builders build, and what they are told. */
export interface CrossCase {
  readonly name: string;
  /** `SERVER` is the address of one that answers a path, with a date or a tag where the path says so. `SALT` is another word each time, in the first instruction of each stage: nothing of an earlier build is found, nor of one under way. */
  readonly dockerfile: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly target?: string;
  /** What the first of two builds is told besides; the second one finds everything without it. */
  readonly first?: Unkeyed;
  /** Of a base, which Docker's output tells of as one. */
  readonly triggers?: number;
  /** Also with the older engine. */
  readonly older?: true;
  /** In the context between the two builds. */
  readonly meanwhile?: (context: string) => void;
}

/** Options of a build that are in no key. */
export interface Unkeyed {
  readonly flags: readonly string[];
  readonly options: BuildOptions;
}

/**
 * Every instruction of the language, as far as the classic builder has it. What an engine does not find again itself is not here: a HEALTHCHECK or an
 * ENTRYPOINT that takes away what the one before has set, because it merges the old one into what it keeps.
 */
export const cases: readonly CrossCase[] = [
  {
    name: 'every instruction',
    older: true,
    buildArgs: { HTTP_PROXY: 'http://p', no_proxy: 'z', B: 'bb' },
    labels: { z: '1', ab: '2' },
    dockerfile: `ARG META=1
FROM example.test/base:1 AS one
LABEL salt=SALT
ARG A=x\${META}y B
ARG C="q q"
ARG HTTP_PROXY
ENV E=f G="h i" LANG=x
LABEL l=m n.o="p $E"
MAINTAINER me <me@x>
EXPOSE 80 53/udp 90-92/tcp 7000
VOLUME ["/v3", "/v 4"]
USER root
STOPSIGNAL SIGINT
SHELL ["/bin/sh", "-e", "-c"]
WORKDIR w
ONBUILD   copy a  b
HEALTHCHECK --interval=30s --timeout=1m30s --retries=3 CMD echo "hi there"
RUN echo "$A $B" > /out
COPY a.txt /dst/
COPY --chown=1:2 sub /dst2
COPY a.txt sub/*.txt /dst3/
COPY . /all
COPY sub/link /l
ADD a.txt rel
ENTRYPOINT ["/x", "y\\"z", "ü\\u0001"]
CMD ["a", "b"]
FROM example.test/base:1
LABEL salt=SALT.2
COPY --from=one /dst2 /dst2
COPY --from=0 --chown=3 /dst2/b.txt /x/
`,
  },
  { name: 'triggers of a base', triggers: 4, older: true, buildArgs: { VERSION: 'SALT' }, dockerfile: 'FROM example.test/onbuild:1\nRUN cat /app/version\nLABEL after=yes\n' },
  { name: 'a base with everything set', dockerfile: 'FROM example.test/config:1\nLABEL salt=SALT\nRUN echo $GREETING > /home/app/x\nCOPY a.txt y\nENV GREETING=changed MORE=1\nENTRYPOINT exec x\nCMD []\nRUN ["/bin/sh", "-c", "true"]\n' },
  { name: 'nothing as a base', dockerfile: 'FROM scratch\nCOPY a.txt /SALT\nWORKDIR /w\nLABEL a=b\nFROM scratch\nCOPY --from=0 /SALT /SALT\nENV x=y\n' },
  { name: 'a stage on a stage', target: 'last', dockerfile: 'FROM example.test/base:1 AS first\nARG X=SALT\nRUN echo $X > /x\nHEALTHCHECK NONE\nFROM first AS last\nARG Y=1\nRUN echo "$X$Y" > /y\nFROM first AS never\nRUN false\n' },
  {
    name: 'limits, hosts, times and owners',
    first: {
      flags: ['--memory', '64m', '--cpu-shares', '512', '--shm-size', '8m', '--ulimit', 'nofile=64:64', '--add-host', 'other:10.1.2.3', '--network', 'host'],
      options: { limits: { memory: 64 << 20, cpuShares: 512, shmSize: 8 << 20, ulimits: [{ name: 'nofile', soft: 64, hard: 64 }] }, extraHosts: ['other:10.1.2.3'], network: 'host' },
    },
    meanwhile: (context) => {
      for (const path of ['a.txt', 'sub', 'sub/deep']) {
        utimesSync(join(context, path), 981173106, 981173106);
        chownSync(join(context, path), 1000, 1000);
      }
    },
    dockerfile: 'FROM example.test/base:1\nLABEL salt=SALT\nRUN true\nCOPY . /all\nADD a.txt sub/deep /dst/\n',
  },
  {
    name: 'the sources of copies',
    dockerfile: `FROM example.test/base:1 AS one
LABEL salt=SALT
ARG OWNER=app
COPY ["s?b/*.tx[t]", "sub/li*", "/with blank/"]
COPY --chown=\${OWNER}:staff odd/ /odd
COPY odd/setuid odd/capable odd/empty odd/link /many/
ADD --chown=app small.tar small.tar.gz /unpacked/
ADD broken.tar /
COPY small.tar ./kept.tar
FROM scratch
LABEL salt=SALT.2
COPY --from=one /many/* /odd /
COPY --from=one --chown=7:8 /unpacked ./
COPY --from=example.test/layers:1 /srv/dat? /srv/
`,
  },
  { name: 'downloads', dockerfile: 'FROM example.test/base:1\nLABEL salt=SALT\nADD SERVER/plain SERVER/dated a.txt /r/\nADD SERVER/tagged?x=y /r/named\nADD --chown=app SERVER/small.tar /r/\n' },
  { name: 'proxies alone', buildArgs: { HTTPS_PROXY: 'http://q' }, dockerfile: 'FROM example.test/base:1\nLABEL salt=SALT\nRUN echo "$HTTPS_PROXY" > /p\n' },
];

/** The files that they copy: modes, links, a hard link, archives, names that are not ASCII, an ignore file that stays. */
export function makeContext(folder: string): void {
  mkdirSync(join(folder, 'sub/deep'), { recursive: true });
  writeFileSync(join(folder, 'a.txt'), 'hi\n');
  writeFileSync(join(folder, 'sub/b.txt'), 'ho\n');
  writeFileSync(join(folder, 'sub/deep/ü.txt'), 'x');
  writeFileSync(join(folder, 'hidden.log'), 'x');
  writeFileSync(join(folder, 'kept.log'), 'x');
  writeFileSync(join(folder, '.dockerignore'), '# kept\n*.log\n!kept.log\n');
  symlinkSync('b.txt', join(folder, 'sub/link'));
  linkSync(join(folder, 'a.txt'), join(folder, 'sub/hard.txt'));
  for (const [path, mode] of [['sub/b.txt', 0o600], ['sub/deep', 0o750]] as const) chmodSync(join(folder, path), mode);
  makeOddFiles(join(folder, 'odd'));
  const tar = ['tar', '--mtime=@1', '--sort=name', '-C', join(folder, 'sub')];
  for (const options of [['-cf', join(folder, 'small.tar')], ['-czf', join(folder, 'small.tar.gz')]]) execFileSync(tar[0] ?? '', [...tar.slice(1), ...options, 'deep', 'b.txt', 'link']);
  writeFileSync(join(folder, 'broken.tar'), 'no archive');
}

/** Modes beyond the usual, capabilities and other attributes, names that a header does not hold, another owner. */
function makeOddFiles(folder: string): void {
  const long = join('long'.repeat(30), 'name'.repeat(30));
  mkdirSync(join(folder, 'long'.repeat(30)), { recursive: true });
  for (const name of ['setuid', 'capable', 'empty', 'owned', 'ü ß\u{1f40b}', 'back\\slash', long]) writeFileSync(join(folder, name), name === 'empty' ? '' : name);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe])]), 'not utf-8');
  chownSync(join(folder, 'owned'), 12, 34);
  chmodSync(join(folder, 'setuid'), 0o6755);
  mkdirSync(join(folder, 'sticky'));
  chmodSync(join(folder, 'sticky'), 0o1777);
  execFileSync('setcap', ['cap_net_bind_service+ep', join(folder, 'capable')]);
  execFileSync('setfattr', ['-n', 'user.other', '-v', 'not sent', join(folder, 'empty')]);
  execFileSync('mkfifo', [join(folder, 'sticky/fifo')]);
  symlinkSync('/absolute/nowhere', join(folder, 'zero'));
  symlinkSync('/odd/setuid', join(folder, 'link'));
  symlinkSync('x'.repeat(150), join(folder, 'far'));
}
