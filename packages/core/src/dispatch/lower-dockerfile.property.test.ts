import { StrakeError } from '@strake/api';
import fc from 'fast-check';
import { describeDockerfile } from '../print/describe-dockerfile';
import { formatError } from '../print/format-error';
import { parseDockerfile } from '../parser/parse-dockerfile';
import { instructionsWith, lowerText } from '../test-support/lower-text';

const registry = instructionsWith();
const word = fc.constantFrom('a', '/b/', '.', '$X', '${Y:-z}', '"c d"', "'e'", '<<E', '["f", "g"]', '[1]', 'h=i', 'j=$X', '80/tcp', '9', 'AS', 'base', 'plain', 'scratch', 'one', '0', '--from=one', '--from=$X', '--from=base', '--chown=1', '--chmod=755', '--platform=linux/arm64', '--network=none', '--interval=1s', 'NONE', 'CMD', 'RUN x', 'SIGTERM', 'ONBUILD', '${', '"', '\\\n', '\u0000', 'é');
const line = fc.tuple(fc.constantFrom(...registry.table.keys()), fc.array(word, { maxLength: 5 })).map(([keyword, words]) => [keyword, ...words].join(' '));
const lines = fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: fc.constantFrom('E', '# escape=`', '', 'FROM base AS one', 'FROM one', 'FROM triggers') }), { maxLength: 8 });
const text = fc.tuple(fc.constantFrom('FROM scratch AS one\n', 'FROM base\n', 'ARG X=one\nFROM plain\n', ''), lines).map(([start, rest]) => start + rest.join('\n'));
const numRuns = Number(process.env['STRAKE_FUZZ_RUNS'] ?? 1000);

test('any Dockerfile gives a graph or an error of its own, the same every time', async () => {
  await fc.assert(fc.asyncProperty(text, async (source) => {
    const attempt = () => lowerText(source).then((graph) => JSON.stringify(graph), (error: unknown) => {
      if (!(error instanceof StrakeError) || error.name === 'PluginError' || error.name === 'InternalError') throw error;
      expect(error.range).toBeDefined();
      return formatError(error, source);
    });
    expect(await attempt()).toBe(await attempt());
  }), { numRuns });
}, 600_000);

test('vertices come after what they need, and all are needed', async () => {
  await fc.assert(fc.asyncProperty(text, async (source) => {
    const graph = await lowerText(source).catch(() => undefined);
    const seen = new Set<string>();
    const needed = new Set<string | null>(graph?.results.map(({ root }) => root));
    for (const { digest, parent, inputs } of graph?.vertices ?? []) {
      for (const need of [parent, ...inputs]) {
        if (need !== null) expect(seen).toContain(need);
        needed.add(need);
      }
      seen.add(digest);
    }
    for (const digest of seen) expect(needed).toContain(digest);
  }), { numRuns });
}, 600_000);

test('what is described survives JSON', () => {
  fc.assert(fc.property(text, (source) => {
    try {
      const description = describeDockerfile(parseDockerfile(source, { file: 'f', syntax: registry.syntax }), registry.table);
      expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    } catch (error) {
      if (!(error instanceof StrakeError)) throw error;
    }
  }), { numRuns });
});
