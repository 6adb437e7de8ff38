export { randomNumbers, type RandomNumbers } from './random-numbers';
export { derived, extended } from './composed';
export { randomTree, type RandomTreeOptions } from './random-tree';
export { graphText } from './graph-text';
export type { InstructionSpec, LoweredRow, RefusedRow } from './instruction-spec';
export { instructionTest, type TestFunction } from './instruction-test';
export { testStage } from './test-stage';
export { ruleTest, type RuleRow, type RuleSpec } from './rule-test';
