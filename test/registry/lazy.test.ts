import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { run, type Finished } from '../engines/run';
import { suite } from '../engines/suite';

/** Whoever loads the client of registries fails. */
const GUARD = `const fs = require('node:fs');
const read = fs.readFileSync;
fs.readFileSync = (path, ...rest) => {
  if (String(path).endsWith('registry.cjs')) throw new Error('the client of registries was loaded');
  return read(path, ...rest);
};
`;

suite('what needs no registry does not load the client', strakeUnmet() ?? unmetNeed({ root: true }), () => {
  let folder: string;
  const guarded = (...args: readonly string[]): Promise<Finished> => run([...strakeCommand, ...args], { env: { NODE_OPTIONS: `--require ${join(folder, 'guard.cjs')}`, STRAKE_STORE: join(folder, 'store') } });

  beforeAll(() => {
    folder = makeFolder('lazy');
    writeFileSync(join(folder, 'guard.cjs'), GUARD);
    mkdirSync(join(folder, 'context'));
    writeFileSync(join(folder, 'context/Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\nLABEL a=b\n');
  });

  afterAll(() => removeFolder(folder));

  test('the version, and a build that is cached', async () => {
    expect(await guarded('--version')).toMatchObject({ code: 0 });
    for (const time of ['first', 'cached']) expect([time, await guarded('build', '-q', join(folder, 'context'))]).toMatchObject([time, { code: 0 }]);
  });

  test('the guard guards', async () => {
    expect(await guarded('pull', '127.0.0.1:1/app')).toMatchObject({ code: 1, stderr: expect.stringContaining('the client of registries was loaded') as unknown });
  });
});
