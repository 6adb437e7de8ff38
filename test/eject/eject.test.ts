import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createBuilder } from 'strake';
import { archivesOf, baseImages } from '../bases/bases';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { BothBuilders, checkRecord } from '../differential/both-results';
import { buildCase } from '../differential/build-case';
import { compareResults } from '../differential/compare-results';
import { unexplained } from '../differential/intended';
import type { Recordable } from '../differential/recorded-results';
import { readFacts } from '../image/image-facts';
import { ejectCases, type EjectCase } from './eject-cases';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'git', 'setcap', 'tar'] }) ?? strakeUnmet() ?? newestRootUnmet();

suite('the plain Dockerfile of one with plugins, built by BuildKit', unmet, () => {
  let folder = '';
  let store = '';
  let both: BothBuilders | undefined;

  beforeAll(async () => {
    folder = makeFolder('eject');
    store = join(folder, 'store');
    const bases = await baseImages();
    for (const archive of archivesOf(bases)) await mustRun([...strakeCommand, 'load', '-i', archive], { env: { STRAKE_STORE: store } });
    both = new BothBuilders('buildkit', folder, bases);
  }, 120_000);

  afterAll(async () => {
    await both?.close();
    await removeFolder(folder);
  }, 60_000);

  it.each(ejectCases)('is the same image: $about', async ({ about, text, plugins, files = {}, buildArgs = {}, notes: expected = [], otherLayers, git }: EjectCase) => {
    const own = join(folder, nameOf(about));
    const context = join(own, 'context');
    writeAll(context, { ...files, Dockerfile: text });
    if (git === true) await commit(context);
    const builder = await createBuilder({ store, plugins, cwd: own });
    const options = { context, network: 'none', pull: 'never', buildArgs } as const;
    await builder.build({ ...options, outputs: [{ type: 'oci', attributes: { dest: join(own, 'strake.tar') } }] });
    const { text: plain, notes } = await builder.eject(options);
    await builder.close();
    expect(notes.map(({ message }) => message)).toEqual(expected);
    const dockerfile = join(own, 'Plainfile');
    writeFileSync(dockerfile, plain);
    const kept = recordable(nameOf(about), [plain, files, buildArgs]);
    const results = await both?.reference(about, kept, (buildkit) => buildCase(buildkit, { name: about, folder: own, options: { buildArgs } }, { context, dockerfile }, own));
    if (results?.expected.kind !== 'built') throw new Error(`BuildKit did not build it:\n${plain}\n${results?.expected.output}`);
    checkRecord(results);
    const differences = unexplained(compareResults(results.expected, { kind: 'built', facts: readFacts(join(own, 'strake.tar')) }), ['parent-times-kept']);
    // The history tells how an image was made, and that is what the plain file does in another way.
    expect(differences.filter(({ where }) => !where.startsWith('history') && !(otherLayers === true && where.startsWith('layers')))).toEqual([]);
  }, 60_000);
});

const reference = join(__dirname, 'reference');
const nameOf = (about: string): string => about.replace(/\W+/g, '-');

/** Where the record of a plain file's image is, and all that it hangs on. */
function recordable(name: string, parts: readonly unknown[]): Recordable {
  return { file: join(reference, `${name}.json`), digest: createHash('sha256').update(JSON.stringify(parts)).digest('hex') };
}

it('has no record of a case that is gone', () => {
  const names = new Set(ejectCases.map(({ about }) => `${nameOf(about)}.json`));
  expect(readdirSync(reference).filter((name) => !names.has(name))).toEqual([]);
});

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

async function commit(folder: string): Promise<void> {
  // Of a fixed time: the commit is in the image, and so in its record.
  const env = { ...process.env, GIT_AUTHOR_DATE: '@1000000000 +0000', GIT_COMMITTER_DATE: '@1000000000 +0000' };
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'pipe', env });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
}
