import { createHash } from 'node:crypto';
import { goDuration, type ContainerConfig, type Healthcheck, type InstructionFacts, type LoweredOp } from '@strake/api';
import { argumentList } from './argument-list';
import { isClassic } from './is-classic';

/** The `Cmd` of an instruction's container: what the key and the history say of it. Several where versions of the engine differ; the first is written. */
export type StepCommands = readonly [readonly string[], ...(readonly string[])[]];

/** What an instruction's text needs besides the facts. */
export interface TextParts {
  /** The config after the instruction. */
  readonly config: ContainerConfig;
  /** Build arguments of the build: the predefined ones need no ARG. */
  readonly buildArgs: Readonly<Record<string, string | undefined>>;
  /** The sum of all that it copies; undefined where it copies nothing. */
  readonly sum: string | undefined;
}

const DEFAULT_SHELL: readonly string[] = ['/bin/sh', '-c'];

/** The commands of an instruction as the classic builder writes them into the container that it commits. */
export function stepCommands(facts: InstructionFacts, parts: TextParts): StepCommands {
  const { instruction: { keyword } } = facts;
  const shell = parts.config.Shell?.length ? parts.config.Shell : DEFAULT_SHELL;
  if (!isClassic(facts)) return [[...shell, `#(nop) ${otherText(facts, parts.sum)} `]];
  if (keyword === 'RUN') return [runCommand(facts, parts, shell)];
  if (keyword === 'COPY' || keyword === 'ADD') return copyTexts(facts, parts.sum ?? '').map((text) => [...shell, `#(nop) ${text}`]) as unknown as StepCommands;
  if (keyword === 'WORKDIR') return [[...shell, `#(nop) WORKDIR ${parts.config.WorkingDir ?? '/'}`]];
  return metadataTexts(facts).map((text) => [...shell, '#(nop) ', text]) as unknown as StepCommands;
}

/** The program, after the build arguments that it sees. */
function runCommand({ instruction, view, lowered }: InstructionFacts, { buildArgs }: TextParts, shell: readonly string[]): readonly string[] {
  const args = instruction.args as { readonly form: string; readonly text?: string; readonly words?: readonly string[] };
  const words = args.form === 'exec' ? (args.words ?? []) : [...shell, args.text ?? ''];
  const list = argumentList(view, buildArgs);
  return list === undefined || lowered.ops === undefined ? words : [`|${list.length}`, ...list, ...words];
}

/** A trailing blank is part of it. Engines before 25 forgot the one behind `--chown`. */
function copyTexts({ instruction: { keyword, flags, args } }: InstructionFacts, sum: string): readonly string[] {
  const { destination } = args as { readonly destination: string };
  const chown = flags['chown'];
  if (chown === undefined || chown === '') return [`${keyword} ${sum} in ${destination} `];
  return [' ', ''].map((blank) => `${keyword} --chown=${chown}${blank}${sum} in ${destination} `);
}

function metadataTexts({ instruction, lowered, view }: InstructionFacts): readonly string[] {
  const { keyword, args, text } = instruction;
  switch (keyword) {
    case 'ARG':
      return [`ARG ${(lowered.args ?? []).map(({ name, value }) => (value === undefined ? name : `${name}=${view.expand(value)}`)).join(' ')}`];
    case 'EXPOSE':
      return [`EXPOSE ${(args as readonly string[]).join(' ')}`];
    case 'ONBUILD':
      return [`ONBUILD ${(args as { readonly text: string }).text}`];
    case 'HEALTHCHECK':
      return healthcheckTexts(lowered.config?.healthcheck ?? { Test: [] }, lowered.history ?? text);
    default:
      return [lowered.history ?? text];
  }
}

/** Go's formats changed: quoted with and without the start interval, and plain. */
function healthcheckTexts(check: Healthcheck, quoted: string): readonly string[] {
  const durations = [check.Interval, check.Timeout, check.StartPeriod, check.StartInterval].map((duration) => goDuration(duration ?? 0));
  const test = `[${check.Test.join(' ')}]`;
  const [interval, timeout, startPeriod, startInterval] = durations;
  const retries = check.Retries ?? 0;
  const named = `HEALTHCHECK &{Test:${test} Interval:${interval} Timeout:${timeout} StartPeriod:${startPeriod} StartInterval:${startInterval} Retries:${retries}}`;
  const plain = `HEALTHCHECK &{${[test, ...durations, retries].join(' ')}}`;
  const older = check.StartInterval ? [] : [quoted.replace(/ "0s" ('[^ ]*'\})$/, ' $1')];
  return [quoted, plain, named, ...older];
}

/** An instruction that Docker does not know: whatever it does is in its text, so that another of the same words never hits. */
function otherText({ instruction: { text }, lowered: { ops = [], history } }: InstructionFacts, sum: string | undefined): string {
  const done = createHash('sha256').update(JSON.stringify(ops.map(withoutOrigin))).digest('hex');
  return [history ?? text, ...(ops.length === 0 ? [] : [`ops:${done}`]), ...(sum === undefined ? [] : [sum])].join(' ');
}

/** Where files come from does not count, what they are does: that is in the sum. */
const withoutOrigin = (op: LoweredOp): unknown => ('from' in op ? { ...op, from: undefined } : op);
