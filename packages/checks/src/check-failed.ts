import { DockerfileError } from '@strake/api';
import type { CheckReport } from './violation';

/** The error of a file that wants its violations to be errors and has some, or undefined. BuildKit's text. */
export function checkFailed({ error, violations }: CheckReport): DockerfileError | undefined {
  const [first] = violations;
  if (!error || first === undefined) return undefined;
  const rules = [...new Set(violations.map(({ code }) => code))];
  return new DockerfileError('CHECK_FAILED', `lint violation found for rules: ${rules.join(', ')}`, {
    range: first.range,
    hint: 'correct them, or skip them by # check=skip=RULE',
    notes: violations.map(({ code, message, range }) => `${range.file}:${range.start.line}:${range.start.column}: ${code}: ${message}`),
  });
}
