import { CheckOptionsError, DEFAULT_OPTIONS, parseCheckOptions } from './check-options';

test.each([
  ['', {}],
  ['skip=all', { skipAll: true }],
  ['skip= A , B;error=true', { skip: ['A', 'B'], error: true }],
  ['error=T;skip=A', { error: true, skip: ['A'] }],
  ['error=0', {}],
  ['experimental=all;skip=', { experimentalAll: true }],
  ['experimental=A', { experimental: ['A'] }],
  // the third part takes the rest, as in BuildKit
  ['skip=A;error=false;experimental=B;C', { skip: ['A'], experimental: ['B;C'] }],
])('%j', (text, expected) => {
  expect(parseCheckOptions(text)).toEqual({ ...DEFAULT_OPTIONS, ...expected });
});

test.each([
  ['skip', 'invalid check option "skip"'],
  ['skp=A', 'invalid check option "skp"'],
  ['error=perhaps', 'failed to parse check option "error=perhaps": "perhaps" is neither true nor false'],
])('%j is refused', (text, message) => {
  expect(() => parseCheckOptions(text)).toThrow(new CheckOptionsError(message));
});
