import type { Choice } from './choice';
import type { GeneratedFile } from './generated-build';
import { growCopy } from './grow-copy';
import { growRun } from './grow-run';
import { growValue, growWord, VARIABLES } from './grow-words';

/** What an instruction may refer to. */
export interface Surroundings {
  readonly files: readonly GeneratedFile[];
  /** The stages before this one, by name or number. */
  readonly stages: readonly string[];
  /** Whether a shell is in this stage, as far as the generator can tell. */
  readonly hasShell: boolean;
  /** How many more programs may run: they cost the most. */
  runsLeft: number;
  readonly escape: string;
}

type Grow = (choice: Choice, around: Surroundings) => string;

const name = (choice: Choice): string => choice.pick(VARIABLES.filter((variable) => variable !== 'PATH'));
const jsonWords = (choice: Choice, low: number): string => JSON.stringify(choice.several(low, 3, () => choice.pick(['echo', '/bin/sh', '-c', 'a b', '$A', 'ü', '"', '\\', '<', '']))).replaceAll(',', choice.pick([',', ', ', ' , ']));
const program = (choice: Choice): string => choice.percent(50) ? jsonWords(choice, 1) : choice.pick(['run me', 'echo $A "two  blanks"', "exec 'x'", 'go  $A', '[ -f x ]', '["not json', 'a # b']);
const duration = (choice: Choice): string => choice.pick(['5s', '1m30s', '300ms', '1h', '0s', '2m', '1.5s']);

/** Every instruction but FROM: how it is written, and how often. */
export const instructions: readonly (readonly [weight: number, grow: Grow])[] = [
  [10, (choice, { escape }) => choice.percent(15) ? `ENV ${name(choice)} ${choice.pick(['legacy value', 'with  $A blanks', '"quoted"', 'a=b'])}` : `ENV ${pairs(choice, escape)}`],
  [6, (choice, { escape }) => `LABEL ${choice.percent(10) ? `${name(choice)} legacy text` : pairs(choice, escape)}`],
  [6, (choice, { escape }) => `ARG ${choice.several(1, 2, () => `${name(choice)}${choice.maybe(60, () => `=${growValue(choice, escape)}`)}`).join(' ')}`],
  [6, (choice) => `WORKDIR ${choice.pick(['/work', 'sub', '/', '$DIR/x', '/srv/../b', './c', '/srv/data', '${A:-/d}', '/var/opt/in', '"/quoted dir"', '..', 'a b', '/srv/link/y'])}`],
  [3, (choice) => `USER ${choice.pick(['app', 'root', '1000', '1000:1000', 'web:webs', '0:0', ':5', '${B:-app}', 'app:staff'])}`],
  [4, (choice) => `EXPOSE ${choice.several(1, 3, () => choice.pick(['80', '443/tcp', '53/udp', '8000-8002', '${nope:-9000}', '80/TCP', '7000-7001/udp', '1/sctp'])).join(' ')}`],
  [4, (choice, { escape }) => `VOLUME ${choice.percent(40) ? JSON.stringify(choice.several(1, 2, () => choice.pick(['/data', '/a b', '$A', 'rel']))) : choice.several(1, 2, () => choice.pick(['/data', '/var/lib/x', '$DIR', `/x${growWord(choice, escape)}`])).join(' ')}`],
  [2, (choice) => `STOPSIGNAL ${choice.pick(['SIGTERM', '9', 'SIGRTMIN+3', 'sigint', 'KILL', '${nope:-QUIT}'])}`],
  [2, (choice) => `SHELL ${choice.pick(['["/bin/sh","-c"]', '["/bin/sh", "-ec"]', '["/bin/ash","-x","-c"]'])}`],
  [5, (choice) => `CMD ${choice.percent(10) ? choice.pick(['[]', '']) : program(choice)}`],
  [4, (choice) => `ENTRYPOINT ${choice.percent(10) ? choice.pick(['[]', '[ ]']) : program(choice)}`],
  [3, (choice) => `HEALTHCHECK ${choice.percent(20) ? 'NONE' : `${choice.maybe(40, () => `--interval=${duration(choice)} `)}${choice.maybe(30, () => `--timeout=${duration(choice)} `)}${choice.maybe(30, () => `--start-period=${duration(choice)} `)}${choice.maybe(20, () => `--start-interval=${duration(choice)} `)}${choice.maybe(30, () => `--retries=${choice.between(0, 5)} `)}CMD ${program(choice)}`}`],
  [1, (choice) => `MAINTAINER ${choice.pick(['somebody', 'A B <a@b.example>', '"quoted" $A', 'ü'])}`],
  [18, (choice, around) => growCopy(choice, around)],
  [8, (choice, around) => growRun(choice, around)],
  [3, (choice, around) => `ONBUILD ${growTrigger(choice, around)}`],
  [1, () => 'ONBUILD COPY <<E /from-trigger\n$A in a trigger\nE'],
  [1, (choice) => `ARG ${choice.pick(['TARGETARCH', 'BUILDPLATFORM', 'TARGETOS TARGETVARIANT', 'HTTP_PROXY', 'TARGETSTAGE', 'PATH'])}`],
];

/** One instruction of a stage. */
export function growInstruction(choice: Choice, around: Surroundings): string {
  return choice.weighted(instructions)(choice, around);
}

function pairs(choice: Choice, escape: string): string {
  return choice.several(1, 3, () => `${choice.percent(10) ? choice.pick(['"q k"', 'a.b', "'s'", 'x-y']) : name(choice)}=${growValue(choice, escape)}`).join(choice.percent(20) ? ` ${escape}\n    ` : ' ');
}

function growTrigger(choice: Choice, around: Surroundings): string {
  const [, grow] = choice.pick(instructions.slice(0, 12));
  return choice.percent(20) && around.files.length > 0 ? 'COPY . /triggered/' : grow(choice, around);
}
