import { DockerfileError } from '@strake/api';
import fc from 'fast-check';
import { pieces, Refused, variables, WordModel, write } from '../test-support/word-model';
import { expandWord, expandWords } from './expand-word';

const escape = fc.constantFrom('\\' as const, '`' as const);
const numRuns = Number(process.env['STRAKE_FUZZ_RUNS'] ?? 1500);

/** What the work answers, or what it refuses with, without the text that it is about. */
function outcome<T>(work: () => T): T | { readonly refused: string } {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message };
    if (!(error instanceof DockerfileError)) throw error;
    expect(error.code).toBe('INVALID_EXPANSION');
    return { refused: error.message.replace(/^failed to process "(?:[^"\\]|\\.)*": /s, '') };
  }
}

test('a word becomes what the model says, and misses the same variables', () => {
  fc.assert(fc.property(pieces, variables, escape, (word, env, character) => {
    const model = new WordModel(env, character);
    const expected = outcome(() => ({ value: model.value(word), unset: [...model.unset].sort() }));
    const found = outcome(() => {
      const { value, unset } = expandWord(write(word, character), new Map(Object.entries(env)), { escape: character });
      return { value, unset: [...unset].sort() };
    });
    expect(found).toEqual(expected);
  }), { numRuns });
}, 600_000);

test('words are parted where the model parts them', () => {
  fc.assert(fc.property(pieces, variables, escape, (word, env, character) => {
    const expected = outcome(() => new WordModel(env, character).words(word));
    expect(outcome(() => expandWords(write(word, character), new Map(Object.entries(env)), { escape: character }).words)).toEqual(expected);
  }), { numRuns });
}, 600_000);

test('text without punctuation stays as it is', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', '\t', '=', '{', '}', ':', 'ä') }), escape, (text, character) => {
    expect(expandWord(text, new Map(), { escape: character })).toEqual({ value: text, unset: [], used: [] });
  }), { numRuns });
}, 600_000);
