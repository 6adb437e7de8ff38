import { placeDockerfile } from './place-dockerfile';
import { readLine, type StageLine } from './stage-messages';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext } from '@strake/context';

test.each<[string, StageLine]>([
  ['Step 3/9 : RUN true', { kind: 'step', number: 3 }],
  [' ---> Using cache\n', { kind: 'cached' }],
  [' ---> Running in 0123456789ab\n', { kind: 'container', id: '0123456789ab' }],
  [' ---> Removed intermediate container 0123456789ab\n', { kind: 'removed', id: '0123456789ab' }],
  ['Removing intermediate container 0123456789ab\n', { kind: 'removed', id: '0123456789ab' }],
  [' ---> 0123456789ab\n', { kind: 'image', id: '0123456789ab' }],
  ['Successfully built 0123456789ab\n', { kind: 'end' }],
  ['# Executing 4 build triggers', { kind: 'end' }],
  ['hello\n', { kind: 'output', stream: 1, text: 'hello\n' }],
  ['\u001b[91mno\n\u001b[0m', { kind: 'output', stream: 2, text: 'no\n' }],
])('%j', (text, line) => {
  expect(readLine(text)).toEqual(line);
});

describe('the Dockerfile of a stage in a context', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-place-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const place = (ignore?: string) => {
    if (ignore !== undefined) writeFileSync(join(folder, '.dockerignore'), ignore);
    writeFileSync(join(folder, 'seen'), '');
    return placeDockerfile('FROM scratch\n', createContext(folder, { name: '.' }));
  };

  test('a context without an ignore file gets one that hides both', () => {
    const { name, added } = place();
    expect(added.map((file) => file.name)).toEqual([name, '.dockerignore']);
    expect(added[1]?.text).toBe(`${name}\n.dockerignore\n`);
  });

  test.each([
    ['# x\nnode_modules\n', 'node_modules'],
    ['a/b\n*.log\n', 'strake.log'],
    ['!x\n**/*.md\n', 'strake.md'],
    ['build/\n', 'build'],
  ])('%j hides %s', (ignore, name) => {
    expect(place(ignore)).toMatchObject({ name, added: [{ name }] });
  });

  test('an ignore file that hides nothing is told of', () => {
    expect(() => place('# nothing\n')).toThrow(/hides nothing/);
  });
});
