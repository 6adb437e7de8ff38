import { StrakeError, type Diagnostic, type Dockerfile, type DockerfileFacts } from '@strake/api';
import { checkFailed, lintResults, type CheckReport } from '@strake/checks';
import { FactCollector } from '@strake/core';
import type { BuildOptions } from '../build/build-options';
import { checkFacts } from './check-facts';
import type { CheckResult } from './check-types';
import { assemble } from '../prepare/assemble';
import { attachDockerfile, attachSource } from '../errors/error-source';
import { namedContexts, type NamedContexts } from '../named-contexts/named-contexts';
import { openInput, type BuildInput } from '../input/open-input';
import { finderOf, lower, platformOf, type PrepareParts } from '../prepare/prepare';
import type { DockerfileText } from '../prepare/read-dockerfile';

/** What is known of a build's file, and why no more is. */
export interface Look {
  readonly source: DockerfileText;
  /** Absent when the file cannot even be parsed. */
  readonly facts?: DockerfileFacts;
  /** Bases that were not to be had. */
  readonly notes: readonly Diagnostic[];
  readonly error?: StrakeError;
}

/** Looks at the file of a build as far as it can be understood. Throws only what is wrong with the options or with us. */
export async function look(options: BuildOptions, parts: PrepareParts, allStages: boolean): Promise<Look> {
  const signal = options.signal ?? new AbortController().signal;
  const input = await openInput(options, { ...parts, signal });
  let named: NamedContexts | undefined;
  try {
    named = await namedContexts(options, { ...parts, signal });
    return await lookAt(input, options, parts, { allStages, named, signal });
  } finally {
    named?.release();
    input.release();
  }
}

interface Way {
  readonly allStages: boolean;
  readonly named: NamedContexts;
  readonly signal: AbortSignal;
}

async function lookAt(input: BuildInput, options: BuildOptions, parts: PrepareParts, { allStages, named, signal }: Way): Promise<Look> {
  const { instructions, backend, cache } = parts;
  const source = input.dockerfile;
  const { bases } = finderOf(options, parts, { signal, emit: () => undefined });
  const notes: Diagnostic[] = [];
  const collector = new FactCollector();
  let parsed: Dockerfile | undefined;
  const error = await failureOf(source, async () => {
    const { dockerfile, outside } = await assemble({ input, named, instructions, signal });
    parsed = dockerfile;
    const onMissingImage = (reference: string, { message }: StrakeError) => void notes.push(missing(reference, message));
    await attachDockerfile(dockerfile, () => lower(dockerfile, options, { backend, instructions, named, bases, outside, signal }, { facts: collector, allStages, onMissingImage, ownArguments: cache?.steps !== undefined }));
  });
  const facts = parsed && collector.facts(parsed, platformOf(options), input.context().ignore);
  return { source, notes, ...(facts === undefined ? {} : { facts }), ...(error === undefined ? {} : { error }) };
}

/** `strake check`: what all rules say of a file. Needs neither the right to build nor the base images. */
export async function check(options: BuildOptions, parts: PrepareParts): Promise<CheckResult> {
  // as BuildKit does: without a target all stages count
  const { source, facts, notes, error } = await look(options, parts, options.target === undefined);
  const { report, failed } = await reportOf(source, facts, options, parts);
  const ended = error ?? failed;
  return {
    violations: report.violations,
    notes: [...notes, ...report.notes],
    ...(ended === undefined ? {} : { error: ended }),
    lint: lintResults(report.violations, [[source.name, source.text], ...Object.entries(facts?.file.included ?? {})].map(([filename = '', text = '']) => ({ filename, data: Buffer.from(text).toString('base64') })), ended),
    rules: parts.instructions.rules.map(({ definition: { name, description, url, experimental = false } }) => ({
      name, description, experimental, ...(url === undefined ? {} : { url }),
    })),
    source,
    ...(facts?.file.included === undefined ? {} : { included: facts.file.included }),
  };
}

const NOTHING: CheckReport = { violations: [], notes: [], error: false };

async function reportOf(source: DockerfileText, facts: DockerfileFacts | undefined, options: BuildOptions, { instructions }: PrepareParts) {
  let report = NOTHING;
  const failed = await failureOf(source, async () => {
    if (facts !== undefined) report = checkFacts(facts, instructions, options);
    const error = checkFailed(report);
    if (error !== undefined) throw error;
  });
  return { report, failed };
}

/** The error of the Dockerfile that work ends with; any other is thrown. */
async function failureOf({ name, text }: DockerfileText, work: () => Promise<void>): Promise<StrakeError | undefined> {
  try {
    await attachSource(name, text, work);
    return undefined;
  } catch (error) {
    if (error instanceof StrakeError && error.range !== undefined && error.code !== 'CANCELLED') return error;
    throw error;
  }
}

function missing(reference: string, why: string): Diagnostic {
  return {
    code: 'IMAGE_MISSING', severity: 'warning',
    message: `${reference} is not to be had, so what depends on it was not checked: ${why}`,
    hint: 'undefined variables and the platform of the base are not checked in stages that start from it',
  };
}
