import type { AnyInstructionDefinition } from '@strake/api';
import fc from 'fast-check';
import { describeDockerfile } from '../print/describe-dockerfile';
import type { DockerfileDescription } from '../print/dockerfile-description';
import { DIALECT, SYNTAX } from '../test-support/dialect';
import { parseDockerfile } from './parse-dockerfile';

const table = new Map([...DIALECT].map(([keyword, args]): [string, AnyInstructionDefinition] => [keyword, { keyword, summary: '', args, lower: () => ({}) }]));
const numRuns = Number(process.env['STRAKE_FUZZ_RUNS'] ?? 500);

/** An instruction as it is meant, and how its text is laid out. */
interface Written {
  readonly line: string;
  readonly bodies: readonly { readonly end: string; readonly content: string }[];
  readonly lowerCase: boolean;
  readonly indent: string;
  /** For each blank of the line: what continues the instruction there, if anything. */
  readonly breaks: readonly string[];
  readonly above: readonly string[];
}

const word = fc.constantFrom('a', '/b/', '.', '$X', '${Y:-z}', '"c d"', "'e f'", 'h=i', '80/tcp', 'é', '😀', '--late');
// The first word is none that begins with dashes: it would be a flag.
const words = fc.array(word, { maxLength: 4 }).map((all) => ['w', ...all].join(' '));
const pairs = fc.array(fc.constantFrom('a=1', 'b="x y"', "c='$d'", 'e=$f'), { minLength: 1, maxLength: 3 }).map((all) => all.join(' '));
const json = fc.array(fc.constantFrom('a', 'b c', '"', '\\n', 'é'), { minLength: 1, maxLength: 3 }).map((all) => JSON.stringify(all));
const line = fc.oneof(
  fc.tuple(fc.constantFrom('RUN', 'CMD', 'EXPOSE', 'WORKDIR', 'NOSUCH', 'ONBUILD RUN', 'FROM --platform=x/y', 'HEALTHCHECK --retries=2 CMD', 'RUN --mount=type=tmpfs,target=/t'), words),
  fc.tuple(fc.constantFrom('COPY', 'ADD', 'COPY --from=x --link', 'ONBUILD COPY'), words.map((all) => `${all} /to/`)),
  fc.tuple(fc.constantFrom('ENV', 'LABEL', 'ARG', 'ONBUILD ENV'), pairs),
  fc.tuple(fc.constantFrom('RUN', 'CMD', 'SHELL', 'VOLUME', 'NOSUCH', 'HEALTHCHECK CMD', 'ONBUILD CMD'), json),
).map((both) => both.join(' '));
const body = fc.array(fc.constantFrom('text\n', '\n', '\tindented\n', '# no comment\n', 'RUN x \\\n', 'windows\r\n', '$X\n'), { maxLength: 3 }).map((lines) => lines.join(''));
const heredocs = fc.tuple(fc.constantFrom('RUN', 'COPY', 'ADD', 'ONBUILD COPY'), fc.array(fc.tuple(fc.constantFrom('<<', '<<-', '3<<'), fc.constantFrom('"', ''), body), { minLength: 1, maxLength: 2 })).map(([keyword, all]) => ({
  line: `${keyword} ${all.map(([mark, quote], index) => `${mark}${quote}E${index}${quote}`).join(' ')} /to/`,
  bodies: all.map(([mark, , content], index) => ({ end: `${mark === '<<-' ? '\t' : ''}E${index}`, content })),
}));
const layout = fc.record({
  lowerCase: fc.boolean(),
  indent: fc.constantFrom('', '  ', '\t'),
  breaks: fc.array(fc.constantFrom('', '', '\n', ' \n', '\r\n', '\n# between\n', '\n\n'), { maxLength: 4 }),
  above: fc.array(fc.constantFrom('', '# note', '#', '  # X is said'), { maxLength: 2 }),
});
const instruction: fc.Arbitrary<Written> = fc.tuple(fc.oneof({ weight: 3, arbitrary: line.map((text) => ({ line: text, bodies: [] })) }, { weight: 1, arbitrary: heredocs }), layout)
  .map(([what, how]) => ({ ...what, ...how }));

const escapes = fc.constantFrom('\\' as const, '`' as const);

/** The line as it should be read: joined, without what is in front of it. */
const joined = ({ line: text, lowerCase }: Written): string => (lowerCase ? text.replace(/^\S+/, (keyword) => keyword.toLowerCase()) : text);

function write(written: Written, escape: string): string {
  const { bodies, indent, breaks, above } = written;
  let blank = 0;
  const broken = joined(written).replace(/ /g, () => {
    const how = breaks[blank++] ?? '';
    return how === '' ? ' ' : ` ${escape}${how}`;
  });
  return [...above.map((comment) => `${comment}\n`), `${indent}${broken}\n`, ...bodies.map(({ content, end }) => `${content}${end}\n`)].join('');
}

const head = (escape: string): string => (escape === '\\' ? '' : `# escape=${escape}\n`);

/** A description as a Dockerfile again: comments, joined lines, here-documents. */
function print({ escape, instructions }: DockerfileDescription): string {
  const printed = instructions.map(({ comments, original, heredocs: bodies }) =>
    [...comments.map((comment) => `# ${comment}`), original, ...bodies.map(({ content, name }) => `${content}${name}`)].join('\n'));
  return `${head(escape)}${printed.join('\n')}\n`;
}

const describeText = (text: string) => describeDockerfile(parseDockerfile(text, { file: 'f', syntax: SYNTAX }), table);

/** Everything but where it stands. */
const meaning = ({ instructions }: DockerfileDescription): unknown => JSON.parse(JSON.stringify(instructions, (key, value: unknown) => (key === 'range' ? undefined : value)));

test('what was parsed is printed, and parsed the same', () => {
  fc.assert(fc.property(fc.array(instruction, { minLength: 1, maxLength: 6 }), escapes, (file, escape) => {
    const description = describeText(head(escape) + file.map((one) => write(one, escape)).join(''));
    expect(description.instructions.map(({ original }) => original)).toEqual(file.map(joined));
    expect(description.instructions.map(({ heredocs: bodies }) => bodies.length)).toEqual(file.map(({ bodies }) => bodies.length));
    expect(meaning(describeText(print(description)))).toEqual(meaning(description));
  }), { numRuns });
}, 600_000);
