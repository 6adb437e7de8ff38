import { Choice } from './choice';
import type { GeneratedBuild } from './generated-build';
import { growContext, growIgnore } from './grow-context';
import { growInstruction, type Surroundings } from './grow-instruction';
import { growValue } from './grow-words';

interface Stage {
  readonly reference: string;
  readonly hasShell: boolean;
}

const BASES = ['example.test/base:1', 'example.test/base:1', 'example.test/layers:1', 'example.test/config:1', 'example.test/onbuild:1'];

/** A build that is meant to be valid, from a seed: several stages, every instruction, a small context. */
export function growBuild(seed: number): GeneratedBuild {
  const choice = new Choice(seed);
  const files = growContext(choice);
  const escape = choice.percent(6) ? '`' : '\\';
  const stages: Stage[] = [];
  const pieces = [...choice.percent(6) || escape === '`' ? [`# escape=${escape}`] : [], ...globals(choice)];
  const around = { files, escape, runsLeft: choice.weighted([[5, 0], [3, 1], [2, 2]]) };
  for (let count = choice.weighted([[5, 1], [4, 2], [2, 3], [1, 5]]); count > 0; count -= 1) pieces.push(...growStage(choice, stages, around));
  const names = stages.map(({ reference }) => reference).filter((reference) => !/^\d+$/.test(reference));
  const target = names.length > 0 && choice.percent(15) ? choice.pick(names) : undefined;
  return {
    pieces: withEnds(choice, pieces.map((piece) => decorate(choice, piece, escape))),
    files,
    ignore: growIgnore(choice),
    ...(target === undefined ? {} : { target }),
    buildArgs: Object.fromEntries(choice.percent(20) ? [[choice.pick(['A', 'VERSION', 'BASE']), choice.pick(['given', 'example.test/base:1', ''])]] : []),
    labels: choice.percent(6) ? { A: 'from outside', 'x.y': '$A' } : {},
  };
}

/** Now and then a file from another system. */
function withEnds(choice: Choice, pieces: readonly string[]): readonly string[] {
  return choice.percent(4) ? pieces.map((piece) => `${piece.replaceAll('\n', '\r\n')}\r`) : pieces;
}

function globals(choice: Choice): readonly string[] {
  if (!choice.percent(35)) return [];
  return [`ARG BASE=example.test/base:1`, ...choice.several(0, 2, () => `ARG ${choice.pick(['A', 'VERSION', 'DIR'])}=${growValue(choice)}`)];
}

function growStage(choice: Choice, stages: Stage[], shared: Pick<Surroundings, 'files' | 'escape' | 'runsLeft'>): readonly string[] {
  const number = stages.length;
  const earlier = number > 0 && choice.percent(30) ? choice.pick(stages) : undefined;
  const base = earlier?.reference ?? choice.weighted([[8, choice.pick(BASES)], [2, 'scratch'], [1, '${BASE:-example.test/base:1}']]);
  const name = choice.percent(60) ? `${choice.pick(['build', 'Base', 'x-1', 'final'])}${number}` : undefined;
  const hasShell = earlier?.hasShell ?? base !== 'scratch';
  const around: Surroundings = { ...shared, hasShell, stages: stages.map(({ reference }) => reference) };
  // FROM takes a name only; --from takes a number as well.
  const from = earlier !== undefined && /^\d+$/.test(earlier.reference) ? 'example.test/base:1' : base;
  const body = choice.several(0, 7, () => growInstruction(choice, around));
  shared.runsLeft = around.runsLeft;
  stages.push({ reference: name?.toLowerCase() ?? String(number), hasShell: from === 'example.test/base:1' ? true : hasShell });
  return [`FROM ${choice.maybe(6, () => '--platform=$BUILDPLATFORM ')}${from}${name === undefined ? '' : ` ${choice.pick(['AS', 'as'])} ${name}`}`, ...body];
}

/** The same on several lines, where blanks separate words and nothing else. */
function continued(choice: Choice, piece: string, escape: string): string {
  if (/["'\n<]|RUN|ONBUILD/.test(piece) || piece.includes(escape)) return piece;
  return piece.replace(/ /g, (blank) => (choice.percent(40) ? choice.pick([` ${escape}\n`, ` ${escape}\n  `, ` ${escape}  \n# inside\n`, ` ${escape}\n\t`]) : blank));
}

/** What changes nothing: comments, blank lines, continuations, the case of the keyword, blanks around. */
function decorate(choice: Choice, piece: string, escape: string): string {
  if (piece.startsWith('#') || !choice.percent(25)) return piece;
  return choice.pick([
    () => `${piece.includes('<<') ? piece : `${piece}${choice.pick([' ', '\t', '   '])}`}`,
    () => continued(choice, piece, escape),
    () => continued(choice, piece, escape),
    () => piece.replace(/^(\w+) /, '$1\t'),
    () => `# check=skip=all\n${piece}`,
    () => `\n\n  # indented comment\n${piece}`,
    () => `# a comment\n${piece}`,
    () => `\n${piece}`,
    () => piece.replace(/^\w+/, (keyword) => keyword.toLowerCase()),
    () => `  ${piece}`,
    () => piece.replace(/^(\w+) /, '$1   '),
  ])();
}
