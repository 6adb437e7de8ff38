import type { BuildEvent, Digest } from '@strake/api';
import { columns } from './fit';
import { PlainRenderer } from './plain';
import { printable } from './printable';
import { ttyBlock } from './tty-block';
import { TtyState } from './tty-state';

const vertex: Digest = 'sha256:aa';
const note = { name: '[build 2/2] RUN 你好你好你好你好', stage: 'build' };
const events: readonly BuildEvent[] = [
  { type: 'started', at: 1000, vertex, note },
  { type: 'log', at: 1123, vertex, stream: 1, data: Buffer.from('one\ntw') },
  { type: 'log', at: 1200, vertex, stream: 1, data: Buffer.from('o') },
];

test('plain keeps every byte and numbers the vertices', () => {
  const written: Buffer[] = [];
  const renderer = new PlainRenderer({ write: (data) => written.push(Buffer.from(data)) });
  for (const event of events) renderer.event(event);
  renderer.event({ type: 'done', at: 1400, vertex, note, milliseconds: 400, error: 'exit code: 3' });
  expect(Buffer.concat(written).toString()).toBe(`#1 ${note.name}\n#1 0.123 one\n#1 0.400 two\n#1 ERROR: exit code: 3\n\n`);
});

test.each([10, 20, 40, 200])('the block fits into %i columns', (width) => {
  const state = new TtyState();
  for (const event of events) state.apply(event);
  const lines = ttyBlock(state, { columns: width, rows: 24 }, 1500, 500);
  expect(lines).toHaveLength(3);
  expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(width);
});

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['10%\r50%\r', '50%'],
  ['a\u0007\u001bb', 'ab'],
])('%j is shown as %j', (line, shown) => {
  expect(printable(line)).toBe(shown);
});
