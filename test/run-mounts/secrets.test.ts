import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strakeUnmet } from '../builders/strake';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { findWords } from './find-words';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar'] }) ?? strakeUnmet();

/** Nobody else has these in a file. */
const sentinel = `sentinel-${randomBytes(12).toString('hex')}`;
const lines = [`-----BEGIN ${sentinel}`, `line-of-${sentinel}`, `-----END ${sentinel}`];

suite('a secret is nowhere but in the program', unmet, () => {
  let store: StrakeStore;
  beforeAll(async () => {
    store = await openStrakeStore('secrets', { bases: true });
    writeFileSync(join(store.folder, 'key'), `${lines.join('\n')}\n`);
  }, 60_000);
  afterAll(() => store.close(), 60_000);

  const flags = ['--secret', 'id=tok,env=TOK', '--secret', 'id=key,src=key'];
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) => store.strake(args, { cwd: store.folder, env: { TOK: sentinel, ...more } });

  test.each(['crun', 'runc', 'namespaces'])('with %s', async (runtime) => {
    const script = 'cat /run/secrets/key; echo "$TOK"; printf %s "$TOK" | head -c 12; printf %s "$TOK" | tail -c +13; echo; sed -n 2p /run/secrets/key >&2; for c in $(printf %s "$TOK" | sed "s/./& /g"); do printf %s $c; done';
    const mounts = '--mount=type=secret,id=tok --mount=type=secret,id=tok,env=TOK --mount=type=secret,id=key';
    const folder = store.context(`with-${runtime}`, { Dockerfile: `FROM example.test/base:1\nRUN ${mounts} ${script}\nRUN ${mounts} test "$TOK" = "$(cat /run/secrets/tok)" && sha256sum /run/secrets/key > /sum\n` });
    const archive = join(store.folder, `${runtime}.tar`);
    for (const progress of ['plain', 'rawjson']) {
      const built = await run(['build', '--no-cache', '--progress', progress, ...flags, '-o', `type=oci,dest=${archive}`, '--metadata-file', join(store.folder, 'metadata.json'), folder], { STRAKE_RUNTIME: runtime });
      expect(built.code).toBe(0);
      expect(decoded(built.output)).toContain('***');
      expect(decoded(built.output)).not.toContain(sentinel);
    }
    const failed = await run(['build', '--no-cache', '--progress', 'plain', ...flags, store.context(`failing-${runtime}`, { Dockerfile: `FROM example.test/base:1\nRUN ${mounts} ${script}; exit 4\n` })], { STRAKE_RUNTIME: runtime });
    expect(failed.code).not.toBe(0);
    expect(failed.output).not.toContain(sentinel);
    expect((await run(['plan', '--format', 'json', ...flags, folder])).output).not.toContain(sentinel);
    expect(findWords(store.folder, [sentinel])).toEqual([`${join(store.folder, 'key')}: ${sentinel}`]);
  }, 60_000);

  test('another value does not miss the cache', async () => {
    const folder = store.context('keyed', { Dockerfile: 'FROM example.test/base:1\nRUN --mount=type=secret,id=tok,env=TOK true\n' });
    expect((await run(['build', '--progress', 'plain', ...flags, folder])).output).not.toContain('CACHED');
    expect((await run(['build', '--progress', 'plain', ...flags, folder], { TOK: 'another' })).output).toContain('CACHED');
  }, 60_000);
});

/** What rawjson holds in base64 is text again. */
function decoded(output: string): string {
  return output.replaceAll(/"data":"([A-Za-z0-9+/=]*)"/g, (_whole, data: string) => Buffer.from(data, 'base64').toString());
}
