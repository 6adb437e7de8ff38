import type { Choice } from './choice';
import type { Surroundings } from './grow-instruction';
import { growValue } from './grow-words';

const COMMANDS = [
  'echo "$A-$B-$VERSION" > /out', 'mkdir -p /made/dir && echo x > /made/dir/f', 'rm -rf /srv/data', 'rm -f /etc/motd; echo again > /etc/motd', 'chmod 700 /srv', 'pwd > pwd.txt',
  'ln -s /etc/passwd link; ln /etc/motd hard', 'id -u > /tmp/id', 'env | sort | grep -v HOSTNAME > /env', 'mkdir d; touch -d @5 d/f; chown 5:6 d/f', 'mv /etc/motd /etc/moved', 'true', 'cat /etc/hostname > /dev/null',
  'touch "a b" ü', 'rm -rf /srv && mkdir /srv && echo new > /srv/n', 'echo $0 > /shell', 'mkfifo /pipe; mknod /null c 1 3', 'echo \\\n  joined > /joined', 'umask > /umask', 'cp -a /srv /srv2', 'rm -rf /srv/data && ln -s /tmp /srv/data', 'chown -h app /var/opt; chown app:webs /opt/first', 'rm /opt/second; echo x >> /opt/first', 'rm -rf /var/opt /var/run; mkdir /var/opt', 'rmdir /srv/locked; mkdir -m 711 /srv/locked', 'find / -xdev -newer /etc/hostname -type f | sort | grep -v -e ^/proc -e ^/sys -e ^/dev > /newer; rm /newer', 'echo x > "$(pwd)/in-pwd"', 'cd /tmp && tar -cf - -C /srv . | tar -xf -', 'chmod 4755 /opt/first; chmod g+s /srv',
];

/** RUN: a program in one of its forms, sometimes with mounts; a LABEL where no more may run. */
export function growRun(choice: Choice, around: Surroundings): string {
  if (!around.hasShell || around.runsLeft === 0) return `LABEL run=${growValue(choice, around.escape)}`;
  around.runsLeft -= 1;
  const command = choice.pick(COMMANDS).replaceAll('\\\n', `${around.escape}\n`);
  return choice.weighted<string>([
    [3, growMounted(choice, around)],
    [7, `RUN ${command}`],
    [1, `RUN --network=${choice.pick(['none', 'default'])} ${command}`],
    [2, `RUN ${JSON.stringify(['/bin/sh', '-c', command.replaceAll(`${around.escape}\n`, '')])}`],
    [1, `RUN <<EOF\n${command.replaceAll(`${around.escape}\n`, '')}\necho "$A" >> /heredoc\nEOF`],
    [1, `RUN <<-"EOF"\n\techo '$A' > /tabs\n\tEOF`],
    [1, 'RUN cat <<one > /one && cat <<two >> /one\nfirst $A\none\nsecond\ntwo'],
    [1, 'RUN <<EOF\n#!/bin/sh\necho script $0 | wc -w > /script\nEOF'],
  ]);
}

/** Mounts, and a program that says whether they are there but not what a cache of another build holds. */
function growMounted(choice: Choice, { files, stages }: Surroundings): string {
  const target = choice.pick(['/mnt', '/made/for/it', 'rel', '/srv/data', '/etc/mounted', '/tmp']);
  const from = choice.pick([...stages.map((stage) => `,from=${stage}`), ',from=example.test/layers:1', '', '']);
  const file = files.find(({ kind, path }) => kind === 'file' && /^[\w./]+$/.test(path));
  const mount = choice.pick([
    `type=cache,target=${target}${choice.pick(['', ',id=own', ',sharing=locked', ',mode=0700', ',uid=5,gid=6', ',readonly'])}`,
    `type=tmpfs,target=${target}${choice.pick(['', ',size=1m'])}`,
    `target=${target}${from}${choice.pick(['', ',rw', ',ro', ',source=.', ',source=/'])}`,
    `type=bind,from=example.test/base:1,source=/etc/${choice.pick(['passwd', 'motd', 'hostname'])},dst=${choice.pick(['/file', '/etc/motd', '/new/deep/file'])}`,
    `type=secret,id=none${choice.pick(['', ',target=/s', ',env=NONE', ',required=false'])}`,
    ...(file === undefined ? [] : [`type=bind,source=${file.path},target=/from-context`]),
  ]);
  const command = choice.pick(['echo ran > /ran', `test -d ${target} && echo folder > /folder; true`, `cat /from-context > /copied 2>&1; true`, `echo x > ${target}/x; true`, 'env | grep NONE > /env; true']);
  return `RUN --mount=${mount} ${choice.maybe(20, () => '--mount=type=tmpfs,target=/second ')}${command}`;
}
