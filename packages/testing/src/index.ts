export { graphText } from './graph-text';
export { instructionTest, type InstructionRow } from './instruction-test';
