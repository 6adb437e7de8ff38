import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import { checkCases } from './check-cases';

let folder = '';
let strake: Builder;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strake-fix-'));
  strake = await createBuilder({ store: join(folder, 'store') });
});
afterAll(async () => {
  await strake.close();
  rmSync(folder, { recursive: true });
});

// `fix` compares what both texts are lowered to, and throws when a fix was not as harmless as its rule says.
it.each(checkCases)('fixes change nothing, and once is enough: $name', async ({ dockerfile, buildArgs = {} }) => {
  const fix = (text: string, changeImage: boolean) => strake.fix({ context: folder, dockerfile: { text, name: 'Dockerfile' }, buildArgs, offline: true, changeImage });
  const first = await fix(dockerfile, false);
  expect((await fix(first.source.text, false)).made).toBe(0);
  const left = first.check.violations.filter((violation) => violation.fix !== undefined && violation.fix.changesImage !== true);
  expect(left).toEqual([]);
  const unsafe = await fix(dockerfile, true);
  expect((await fix(unsafe.source.text, true)).made).toBe(0);
});
