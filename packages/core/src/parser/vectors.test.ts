import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandWord, expandWords } from '../expand/expand-word';
import { DIALECT, SYNTAX } from '../test-support/dialect';
import { dump } from '../test-support/dump';
import { parseArguments } from './parse-arguments';
import { parseDockerfile } from './parse-dockerfile';

const vectors = join(__dirname, '../../../../../shared/vectors');
const present = existsSync(vectors);
const title = present ? 'the reference implementation’s vectors' : 'the reference implementation’s vectors [skipped: the vectors are not there]';
const list = (folder: string): string[] => (present ? readdirSync(join(vectors, folder)) : ['absent']);
const read = (path: string): Buffer => readFileSync(join(vectors, path));
const lines = (path: string): string[] => (present ? read(path).toString().split('\n') : ['A|a|a']).filter((line) => line.trim() !== '' && !line.startsWith('#'));
const options = { file: 'Dockerfile', syntax: SYNTAX };

(present ? describe : describe.skip)(title, () => {
  test.each(list('parser/testfiles'))('testfiles/%s', (name) => {
    const parsed = parseDockerfile(read(`parser/testfiles/${name}/Dockerfile`), options);
    expect(dump(parsed)).toBe(read(`parser/testfiles/${name}/result`).toString());
  });

  test.each(list('parser/testfiles-negative'))('testfiles-negative/%s is refused', (name) => {
    expect(() => {
      const { instructions, escape } = parseDockerfile(read(`parser/testfiles-negative/${name}/Dockerfile`), options);
      for (const node of instructions) parseArguments(node, DIALECT.get(node.keyword) ?? { kind: 'raw' }, escape);
    }).toThrow(expect.objectContaining({ name: 'DockerfileError' }));
  });

  test('testfile-line', () => {
    const { instructions } = parseDockerfile(read('parser/testfile-line/Dockerfile'), options);
    expect(instructions.map(({ range }) => [range.start.line, range.end.line])).toEqual([[5, 5], [11, 12], [17, 31]]);
  });

  const env = new Map([['PWD', '/home'], ['SHELL', 'bash'], ['KOREAN', '한국어'], ['NULL', '']]);
  test.each(lines('shell/envVarTest'))('envVarTest %s', (line) => {
    const [platform, source, expected] = line.split('|').map((cell) => cell.trim()) as [string, string, string];
    for (const platformOs of { A: ['linux', 'windows'], U: ['linux'], W: ['windows'] }[platform] ?? []) {
      const expand = (): string => expandWord(source, env, { escape: '\\', platformOs }).value;
      if (expected === 'error') expect(expand).toThrow(expect.objectContaining({ code: 'INVALID_EXPANSION' }));
      else expect(expand()).toBe(expected);
    }
  });

  test('wordsTest', () => {
    const words = new Map<string, string>();
    for (const line of present ? lines('shell/wordsTest') : []) {
      const [, name, value] = /^ENV +([^=]*)=(.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) {
        words.set(name, value);
        continue;
      }
      const [source, expected] = line.split('|') as [string, string];
      const expand = (): readonly string[] => expandWords(source.trim(), words, { escape: '\\' }).words;
      if (expected.trim() === 'error') expect(expand).toThrow();
      else expect([source, expand()]).toEqual([source, expected.replace(/^ +/, '').split(',')]);
    }
  });
});
