import { compareFacts, type Difference } from '../image/compare-facts';
import type { CaseResult } from './build-case';

/** The differences between what a reference and another builder made of one case. */
export function compareResults(reference: CaseResult, actual: CaseResult): readonly Difference[] {
  if (reference.kind === 'built' && actual.kind === 'built') return compareFacts(reference.facts, actual.facts);
  if (reference.kind !== actual.kind) return [{ where: 'result', expected: summary(reference), actual: summary(actual) }];
  return [];
}

function summary(result: CaseResult): string {
  return result.kind === 'built' ? 'built' : `refused:\n${result.output.slice(-1500)}`;
}
