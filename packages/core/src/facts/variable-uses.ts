import type { SourceRange, VariableUse } from '@strake/api';
import type { ExpandedNames } from '../expand/expand-word';

/** The variables of an expanded text; `declared` names have an ARG. */
export function variableUses({ used, unset }: ExpandedNames, range: SourceRange, declared: readonly string[]): readonly VariableUse[] {
  return [
    ...used.map((name): VariableUse => ({ name, state: 'set', range })),
    ...unset.map((name): VariableUse => ({ name, state: declared.includes(name) ? 'declared' : 'unknown', range })),
  ];
}
