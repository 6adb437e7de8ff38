import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Dockerfile that both builders build, and what they are told. */
export interface CrossCase {
  readonly name: string;
  /** `SALT` is another word each time, so that nothing of an earlier build is found. */
  readonly dockerfile: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly target?: string;
}

/**
 * Every instruction of the language, as far as the classic builder has it. What an engine does not find again itself is not here: a HEALTHCHECK or an
 * ENTRYPOINT that takes away what the one before has set, because it merges the old one into what it keeps.
 */
export const cases: readonly CrossCase[] = [
  {
    name: 'every instruction',
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
COPY --from=one /dst2 /dst2
COPY --from=0 --chown=3 /dst2/b.txt /x/
`,
  },
  { name: 'triggers of a base', buildArgs: { VERSION: 'SALT' }, dockerfile: 'FROM example.test/onbuild:1\nRUN cat /app/version\nLABEL after=yes\n' },
  { name: 'a base with everything set', dockerfile: 'FROM example.test/config:1\nLABEL salt=SALT\nRUN echo $GREETING > /home/app/x\nCOPY a.txt y\nENV GREETING=changed MORE=1\nENTRYPOINT exec x\nCMD []\nRUN ["/bin/sh", "-c", "true"]\n' },
  { name: 'nothing as a base', dockerfile: 'FROM scratch\nCOPY a.txt /SALT\nWORKDIR /w\nLABEL a=b\nFROM scratch\nCOPY --from=0 /SALT /SALT\nENV x=y\n' },
  { name: 'a stage on a stage', target: 'last', dockerfile: 'FROM example.test/base:1 AS first\nARG X=SALT\nRUN echo $X > /x\nHEALTHCHECK NONE\nFROM first AS last\nARG Y=1\nRUN echo "$X$Y" > /y\nFROM first AS never\nRUN false\n' },
  { name: 'proxies alone', buildArgs: { HTTPS_PROXY: 'http://q' }, dockerfile: 'FROM example.test/base:1\nLABEL salt=SALT\nRUN echo "$HTTPS_PROXY" > /p\n' },
];

/** The files that they copy: modes, links, a hard link, a name that is not ASCII, an ignore file that stays. */
export function makeContext(folder: string): void {
  mkdirSync(join(folder, 'sub/deep'), { recursive: true });
  writeFileSync(join(folder, 'a.txt'), 'hi\n');
  writeFileSync(join(folder, 'sub/b.txt'), 'ho\n');
  writeFileSync(join(folder, 'sub/deep/ü.txt'), 'x');
  writeFileSync(join(folder, 'hidden.log'), 'x');
  writeFileSync(join(folder, '.dockerignore'), '# kept\n*.log\n');
  symlinkSync('b.txt', join(folder, 'sub/link'));
  linkSync(join(folder, 'a.txt'), join(folder, 'sub/hard.txt'));
  for (const [path, mode] of [['sub/b.txt', 0o600], ['sub/deep', 0o750]] as const) chmodSync(join(folder, path), mode);
}
