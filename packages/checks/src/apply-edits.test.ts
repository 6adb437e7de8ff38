import type { Fix } from '@strake/api';
import { applyFixes } from './apply-edits';

const fix = (...edits: readonly [line: number, from: number, to: number, text: string][]): Fix => ({
  title: 'a fix',
  edits: edits.map(([line, from, to, text]) => ({ range: { file: 'f', start: { line, column: from }, end: { line, column: to } }, text })),
});

test('edits in any order', () => {
  expect(applyFixes('abc\r\ndef\n', [fix([2, 1, 3, 'x']), fix([1, 2, 2, '-'], [2, 3, 4, 'yz'])])).toEqual({ source: 'a-bc\r\nxyz\n', made: 2, left: 0 });
});

test('a fix that touches what another has changed waits as a whole', () => {
  expect(applyFixes('abcdef', [fix([1, 1, 4, 'x']), fix([1, 3, 5, 'y'], [1, 6, 7, 'z'])])).toEqual({ source: 'xdef', made: 1, left: 1 });
});

test('whole lines', () => {
  expect(applyFixes('a\n\nb', [{ title: '', edits: [{ range: { file: 'f', start: { line: 2, column: 1 }, end: { line: 3, column: 1 } }, text: '' }] }]).source).toBe('a\nb');
});

test('places outside of the source', () => {
  expect(applyFixes('a', [fix([7, 1, 9, 'x'])]).source).toBe('ax');
});
