import { MarkedOutput } from './marked-output';

const END = '\0mark0007\n';

/** Everything shown of both outputs, in the pieces that arrive. */
function shown(...pieces: readonly (readonly [1 | 2, string])[]): { readonly output: MarkedOutput; readonly text: string } {
  const output = new MarkedOutput('mark');
  return { output, text: pieces.map(([stream, data]) => output.add(stream, Buffer.from(data)).toString()).join('') };
}

test.each([
  ['at once', [[1, `out${END}`], [2, `err${END}`]], 'outerr'],
  ['byte by byte', [[2, END], ...Array.from(`a\0b${END}`, (byte) => [1, byte] as const)], 'a\0b'],
  ['what only begins like the mark is shown', [[2, END], [1, '\0mar'], [1, `\0${END}`]], '\0mar\0'],
  ['nothing after the end', [[1, END], [1, 'more'], [2, END]], ''],
] as const)('%s', async (_name, pieces, text) => {
  const { output, text: seen } = shown(...pieces);
  expect(seen).toBe(text);
  expect(await output.status).toBe(7);
});
