import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecrets } from '.';

describe('secrets', () => {
  let cwd: string;
  beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'strake-secrets-'))));
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  test('come from files, variables, values and functions', async () => {
    writeFileSync(join(cwd, 'f'), Buffer.from([0, 255, 10]));
    let asked = 0;
    const sources = { file: { file: 'f' }, env: { env: 'E' }, unset: { env: 'NONE' }, text: { value: 'v' }, bytes: { value: Buffer.from([1]) }, asked: async () => `answer ${(asked += 1)}`, nothing: () => undefined };
    const secrets = createSecrets(sources, { cwd, env: { E: 'e' } });
    expect(await secrets.get('file')).toEqual(Buffer.from([0, 255, 10]));
    expect(await secrets.get('env')).toEqual(Buffer.from('e'));
    expect(await secrets.get('unset')).toEqual(Buffer.from(''));
    expect(await secrets.get('text')).toEqual(Buffer.from('v'));
    expect(await secrets.get('bytes')).toEqual(Buffer.from([1]));
    expect(await Promise.all([secrets.get('asked'), secrets.get('asked')])).toEqual([Buffer.from('answer 1'), Buffer.from('answer 1')]);
    expect(await secrets.get('nothing')).toBeUndefined();
    expect(await secrets.get('other')).toBeUndefined();
    expect(await secrets.get('constructor')).toBeUndefined();
  });

  test('a file is wanted at once, and read when a program needs it', async () => {
    expect(() => createSecrets({ s: { file: 'none' } }, { cwd, env: {} })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('does not exist') }));
    mkdirSync(join(cwd, 'd'));
    expect(() => createSecrets({ s: { file: 'd' } }, { cwd, env: {} })).toThrow(expect.objectContaining({ code: 'USAGE' }));
    writeFileSync(join(cwd, 'f'), 'early');
    const secrets = createSecrets({ s: { file: 'f' } }, { cwd, env: {} });
    writeFileSync(join(cwd, 'f'), 'late');
    expect(await secrets.get('s')).toEqual(Buffer.from('late'));
  });

  test('none is larger than BuildKit allows, and no message holds one', async () => {
    writeFileSync(join(cwd, 'f'), Buffer.alloc(500 * 1024 + 1));
    expect(() => createSecrets({ s: { file: 'f' } }, { cwd, env: {} })).toThrow(expect.objectContaining({ code: 'USAGE' }));
    const secrets = createSecrets({ s: { value: 'sentinel'.repeat(70_000) } }, { cwd, env: {} });
    const error: unknown = await secrets.get('s').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'USAGE' });
    expect(String(error)).not.toContain('sentinel');
  });
});
