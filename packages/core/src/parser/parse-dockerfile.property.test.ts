import type { SourceRange } from '@strake/api';
import { DockerfileError } from '@strake/api';
import fc from 'fast-check';
import { DIALECT, SYNTAX } from '../test-support/dialect';
import { parseArguments } from './parse-arguments';
import { parseDockerfile } from './parse-dockerfile';

const piece = fc.constantFrom(...DIALECT.keys(), 'NOSUCH', ' ', '\t', '\n', '\r\n', '\\', '\\\n', '`', '#', '# escape=`\n', '<<EOF', '<<-"A"', 'EOF\n', '--a=b', '--', '"', "'", '$', '${', '}', ':-', '[', ']', '["a"]', '=', 'é', '😀', '\u0000');
const text = fc.array(fc.oneof({ weight: 6, arbitrary: piece }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) }), { maxLength: 40 }).map((pieces) => pieces.join(''));
const numRuns = Number(process.env['STRAKE_FUZZ_RUNS'] ?? 2000);

function expectInside(range: SourceRange | undefined, source: string): void {
  const lines = source.replace(/^\ufeff/, '').split('\n');
  for (const { line, column } of range === undefined ? [] : [range.start, range.end]) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
}

test('any text gives a Dockerfile or a located error, and every position lies inside', () => {
  fc.assert(fc.property(text, (source) => {
    try {
      const { instructions, escape, warnings } = parseDockerfile(source, { file: 'f', syntax: SYNTAX });
      for (const { range } of warnings) expectInside(range, source);
      for (const node of instructions) {
        for (const { range } of [node, ...node.flags, ...node.heredocs]) expectInside(range, source);
        parseArguments(node, DIALECT.get(node.keyword) ?? { kind: 'raw', optional: true }, escape);
      }
    } catch (error) {
      if (!(error instanceof DockerfileError)) throw error;
      expect(error.range).toBeDefined();
      expectInside(error.range, source);
    }
  }), { numRuns });
}, 600_000);

test('a megabyte of here-documents of unknown keywords takes linear time', () => {
  const source = 'NOSUCH <<EOF\n'.repeat(80_000);
  expect(parseDockerfile(source, { file: 'f' }).instructions).toHaveLength(80_000);
});
