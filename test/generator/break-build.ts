import { Choice } from './choice';
import type { GeneratedBuild } from './generated-build';
import { growBuild } from './grow-build';

type Break = (text: string, choice: Choice) => string;

/** Mistakes that authors make, each done to one instruction. */
const breaks: readonly Break[] = [
  (text, choice) => without(text.split(' '), choice).join(' '),
  (text, choice) => text.replace(/^\s*\w+/, choice.pick(['RUM', 'COPPY', 'FORM', 'ENVS', 'X', 'ONBUILD ONBUILD', 'ONBUILD FROM', 'ENTRY POINT', 'CMD,', '-', 'run'])),
  // ARG takes any flag in the reference, and forgets it.
  (text, choice) => text.replace(/^(\s*(?!arg\b)\w+) /i, `$1 ${choice.pick(['--form=x', '--chmod', '--chown=', '--from=nowhere', '--from=99', '--interval=1y', '--network=bridge', '--platform=a/b/c/d/e', '--platform=', '--', '-x', '--retries=-1', '--chmod=9x', '--from=$A', '--unknown', '--From=x', '--mount=type=nope,target=/x', '--mount=type=cache', '--mount=', '--mount', '--mount=target=/x,from=nowhere', '--mount=type=tmpfs,target=/t,size=x', '--mount=type=bind', '--mount=type=cache,target=/c,mode=9z', '--mount=type=cache,target=/c,sharing=no', '--mount=type=secret,required', '--mount=type=bind,source=nothing-there,target=/x', '--mount=type=bind,target=/x,source=../..', '--mount=type=cache,target=/', '--mount=target=/x,target=/y,unknown=1', '--security=maybe', '--mount="target=/x"', '--chown=a:b:c', '--timeout=5'])} `),
  (text, choice) => insert(text, choice.pick(['"', "'", '${', '${A', '${A:', '${A:?gone}', '${A!b}', '${}', '$', '\\', '$$', '`', '}', '${A:?}', '${nope?}']), choice),
  (text, choice) => insert(text, choice.pick(['[', ']', '["', ',', '[1]', '{', '\u0000', '\t', '\r', '\u00a0', '=', '==', '"x"y', '<<EOF', '<<', '<<-X Y', '#']), choice),
  (text) => text.replace(/\n\w+$/, ''),
  (text, choice) => text.slice(0, choice.between(1, Math.max(1, text.length - 1))),
  (text) => `${text} \\`,
  (text) => text.replace(/^(\s*\w+) .*/s, '$1'),
  (text) => text.replace(/AS (\S+)/i, 'AS 1$1'),
  (text) => text.replace(/=/, ' = '),
  (text) => text.replaceAll('"', "'"),
  (text) => `${text}\n${text}`,
  (text, choice) => choice.pick(['FROM', 'FROM a b', 'FROM example.test/none:1', 'FROM nowhere AS x y', 'FROM Ünï', 'FROM example.test/base:1 AS 0', 'FROM ""', 'FROM scratch AS scratch', 'FROM $UNSET', text]),
  (_text, choice) => choice.pick(['COPY nothing-there /x', 'COPY /x', 'COPY a', 'ADD', 'COPY --from=later /a /b', 'COPY ../x /', 'RUN exit 3', 'USER', 'WORKDIR', 'ENV', 'ENV A', 'ENV =x', 'LABEL', 'LABEL a b=c d', 'ARG', 'ARG =', 'ARG 1=2', 'ARG a b c=', 'EXPOSE', 'EXPOSE x', 'EXPOSE 99999', 'EXPOSE 1-', 'EXPOSE 80/abc', 'EXPOSE 9-3', 'VOLUME', 'VOLUME []', 'VOLUME [""]', 'VOLUME ["a",1]', 'STOPSIGNAL', 'STOPSIGNAL x', 'STOPSIGNAL 999', 'STOPSIGNAL 0', 'SHELL', 'SHELL []', 'SHELL x', 'SHELL ["a"', 'HEALTHCHECK', 'HEALTHCHECK CMD', 'HEALTHCHECK NONE x', 'HEALTHCHECK --interval=1 CMD x', 'HEALTHCHECK --retries=x CMD y', 'HEALTHCHECK MAYBE', 'HEALTHCHECK --interval=1us CMD x', 'ONBUILD', 'ONBUILD FROM x', 'ONBUILD MAINTAINER x', 'ONBUILD COPY', 'MAINTAINER', 'CMD [1]', 'RUN ["a", {}]', 'ENTRYPOINT ["a" "b"]', 'COPY ["a"]', 'COPY <<X', 'COPY a <<X\nX', 'RUN <<X\nx']),
];

/** A build of that seed with one thing wrong. Some such builds are valid all the same: both builders must then agree on what they are. */
export function growBrokenBuild(seed: number): GeneratedBuild {
  const build = growBuild(seed);
  const choice = new Choice(seed ^ 0x5bd1e995);
  const place = choice.between(0, build.pieces.length - 1);
  if (choice.percent(8)) return { ...build, pieces: reshape(build.pieces, place, choice) };
  if (choice.percent(4)) return { ...build, target: choice.pick(['nowhere', '99', 'build', 'FINAL0']) };
  return { ...build, pieces: build.pieces.map((piece, index) => (index === place ? choice.pick(breaks)(piece, choice) : piece)) };
}

/** Wrong order or number: an instruction before any FROM, a file without one, a stage that comes too late. */
function reshape(pieces: readonly string[], place: number, choice: Choice): readonly string[] {
  const rest = pieces.filter((_piece, index) => index !== place);
  return choice.pick([
    () => rest,
    () => [...rest, pieces[place] ?? ''],
    () => [pieces[place] ?? '', ...rest],
    () => pieces.filter((piece) => !/^\s*from/i.test(piece)),
    () => [...pieces].reverse(),
    () => ['FROM example.test/base:1 AS one', 'COPY --from=two /etc /etc', 'FROM one AS two', 'COPY --from=one /etc /x'],
  ])();
}

function without(words: readonly string[], choice: Choice): readonly string[] {
  const place = choice.between(0, words.length - 1);
  return words.filter((_word, index) => index !== place);
}

function insert(text: string, part: string, choice: Choice): string {
  const place = choice.between(Math.min(text.length, 4), text.length);
  return `${text.slice(0, place)}${part}${text.slice(place)}`;
}
