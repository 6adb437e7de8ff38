import { InternalError, type DockerfileFacts } from '@strake/api';
import { applyFixes } from '@strake/checks';
import { createTwoFilesPatch } from 'diff';
import type { BuildOptions } from '../build/build-options';
import { check, look } from './check';
import type { CheckResult, FixResult } from './check-types';
import type { PrepareParts } from '../prepare/prepare';
import type { DockerfileText } from '../prepare/read-dockerfile';

/** Which fixes are wanted. */
export interface FixOptions extends BuildOptions {
  /** Also those after which the image is another, in the way that their rules ask for. */
  readonly changeImage?: boolean;
}

/** More rounds than rules whose fixes could lie in each other's way. */
const MOST_ROUNDS = 10;

/**
 * Makes the fixes of all violations in the text of the Dockerfile, again and again until none is left. Nothing is written.
 * Throws INTERNAL when the stages of the new text would be lowered to something else than those of the old one.
 */
export async function fix(options: FixOptions, parts: PrepareParts): Promise<FixResult> {
  const { changeImage = false, ...rest } = options;
  const first = await look(rest, parts, true);
  let source: DockerfileText = first.source;
  let made = 0;
  let result: CheckResult = await checkText(source, rest, parts);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const fixes = result.violations.flatMap((violation) => (violation.fix !== undefined && violation.range.file === source.name && (changeImage || violation.fix.changesImage !== true) ? [violation.fix] : []));
    const next = applyFixes(source.text, fixes);
    if (next.made === 0) break;
    source = { ...source, text: next.source };
    made += next.made;
    result = await checkText(source, rest, parts);
  }
  if (!changeImage) await compare(first.facts, source, rest, parts);
  const diff = made === 0 ? '' : createTwoFilesPatch(source.name, source.name, first.source.text, source.text, undefined, undefined, { context: 3 });
  return { source, made, diff: diff.replace(/^Index: .*\n=+\n/, ''), check: result };
}

function checkText(source: DockerfileText, options: BuildOptions, parts: PrepareParts): Promise<CheckResult> {
  return check({ ...options, dockerfile: source }, parts);
}

/** A fix that says that it changes nothing is taken at its word by nobody. */
async function compare(before: DockerfileFacts | undefined, source: DockerfileText, options: BuildOptions, parts: PrepareParts): Promise<void> {
  const { facts } = await look({ ...options, dockerfile: source }, parts, true);
  if (builds(before) === builds(facts)) return;
  throw new InternalError('the fixes would change what the file builds, so nothing was written', { hint: 'this is a bug in a rule; please report it with the file' });
}

/** What stages are lowered to, without places. */
function builds(facts: DockerfileFacts | undefined): string {
  return JSON.stringify(facts?.stages.map(({ name, base, parent, reads, instructions }) => ({ name, base, parent, reads, lowered: instructions.map(({ lowered }) => lowered) })));
}
