import type { Choice } from './choice';
import type { Surroundings } from './grow-instruction';
import { growWord } from './grow-words';

const DESTINATIONS = ['/out/', '/out/', '/out/', './', '.', '/', 'rel/', '/a/b/c/', '/srv/data/', '/tmp/x/', '$DIR/', '/var/opt/', '/var/run/', '/with blank/', '/srv/', '/srv/link/', '//twice//', '/x/../y/', '/x/.', '..', '/srv/locked/', '$DIR', '${nope}/z/', 'ü/'];
const FILE_DESTINATIONS = ['/out/file', 'file', '/etc/motd', '/opt/first', '/srv/data/one', '/new/deep/file', '/out', '/var/absolute', '/etc/${A:-n}.conf', '/var/dangling', './f', '/srv/data/../f', '/x//y', '/var/opt/f', '/é'];
const BASE_PATHS = ['/etc/motd', '/etc/passwd', '/srv/data', '/srv/data/', '/srv', '/opt/first', '/etc/h*', '/var/opt', '/var/absolute', 'etc/group', '/srv/data/deep', '/opt', '/srv/locked', '/srv/.', '/srv/data/*', '/var/dang*', '/home', '/var/opt/', '/root', '/opt/capable', '/srv/l*', '//etc//motd'];

/** COPY or ADD: from the context, an earlier stage, an image, or here-documents. */
export function growCopy(choice: Choice, around: Surroundings): string {
  if (choice.percent(12)) return growHeredocCopy(choice, around.escape);
  const from = choice.percent(35) ? choice.pick([...around.stages, 'example.test/base:1', 'example.test/layers:1']) : undefined;
  if (from === undefined && around.files.length === 0) return `WORKDIR ${choice.pick(['/empty', 'sub'])}`;
  const sources = from === undefined ? choice.several(1, choice.percent(80) ? 1 : 3, () => contextSource(choice, around)) : choice.several(1, choice.percent(85) ? 1 : 2, () => choice.pick(BASE_PATHS));
  const destination = choice.pick(sources.length > 1 || choice.percent(70) ? DESTINATIONS.filter((path) => sources.length === 1 || /[/.]$/.test(path)) : FILE_DESTINATIONS);
  const words = [...sources, destination];
  const list = words.some((word) => word.includes(' ')) || choice.percent(10) ? JSON.stringify(words) : words.join(' ');
  return `${from === undefined && choice.percent(20) ? 'ADD' : 'COPY'} ${from === undefined ? '' : `--from=${from} `}${copyFlags(choice)}${list}`;
}

function copyFlags(choice: Choice): string {
  return [
    choice.maybe(15, () => `--chown=${choice.pick(['app', '1000:1000', 'app:webs', '5', '0:50', 'web', '${nope:-7}'])} `),
    choice.maybe(15, () => `--chmod=${choice.pick(['644', '0755', '4711', '600', '1777', 'u+x', 'go=', 'a=rX', 'u=rwX,go=rX'])} `),
    choice.maybe(12, () => '--link '),
    choice.maybe(8, () => `--exclude=${choice.pick(['*.txt', '**/*.md', 'src', 'deep/**', '?.txt', 'one'])} `),
  ].join('');
}

function contextSource(choice: Choice, { files }: Surroundings): string {
  const { path, kind } = choice.pick(files);
  const plain = path.replace(/[[\]*?\\]/g, '?');
  return choice.weighted<string>([
    [5, plain],
    [2, `/${plain}`],
    [1, `./${plain}`],
    [1, kind === 'directory' ? `${plain}/` : plain],
    [2, '.'],
    [1, plain.replace(/[^/]$/, '?')],
    [1, plain.replace(/[^/]*$/, '*')],
    [1, choice.pick(['*', '*.txt', 's*', '[a-c]*', '*/*', '?.txt', 'sr[!a]'])],
    [1, `${plain.split('/')[0] ?? ''}/../${plain}`],
  ]);
}

function growHeredocCopy(choice: Choice, escape: string): string {
  const body = choice.several(0, 3, () => choice.pick(['plain', `a ${growWord(choice, escape).replaceAll('\n', '')} b`, '$A and ${B:-c}', '', '  indented', 'it\'s "quoted"', '\ttab'])).map((line) => `${line}\n`).join('');
  const flags = copyFlags(choice);
  return choice.weighted<string>([
    [4, `COPY ${flags}<<EOF ${choice.pick(['/doc', '/docs/', 'doc.txt'])}\n${body}EOF`],
    [2, `COPY ${flags}<<'E' /raw\n${body}E`],
    [1, `ADD <<-DOC /tabs/\n${body}\tDOC`],
    [1, `COPY ${flags}<<one <<two /two/\n${body}one\n${body}two`],
  ]);
}
