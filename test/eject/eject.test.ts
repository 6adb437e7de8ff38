import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createBuilder } from 'strake';
import { archivesOf, baseImages } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { startNewestBuildkit } from '../builders/buildkit';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { unexplained } from '../differential/intended';
import { compareFacts } from '../image/compare-facts';
import { readFacts } from '../image/image-facts';
import { ejectCases, type EjectCase } from './eject-cases';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'git', 'setcap', 'tar'] }) ?? strakeUnmet() ?? newestRootUnmet();

suite('the plain Dockerfile of one with plugins, built by BuildKit', unmet, () => {
  let folder = '';
  let store = '';
  let buildkit: Builder | undefined;

  beforeAll(async () => {
    folder = makeFolder('eject');
    store = join(folder, 'store');
    const bases = await baseImages();
    for (const archive of archivesOf(bases)) await mustRun([...strakeCommand, 'load', '-i', archive], { env: { STRAKE_STORE: store } });
    buildkit = await startNewestBuildkit();
    await buildkit.load(bases);
  }, 120_000);

  afterAll(async () => {
    await buildkit?.close();
    await removeFolder(folder);
  }, 60_000);

  it.each(ejectCases)('is the same image: $about', async ({ about, text, plugins, files = {}, buildArgs = {}, notes: expected = [], otherLayers, git }: EjectCase) => {
    const own = join(folder, about.replace(/\W+/g, '-'));
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
    const built = await buildkit?.build({ context, dockerfile, archive: join(own, 'buildkit.tar'), buildArgs });
    if (built?.code !== 0) throw new Error(`BuildKit did not build it:\n${plain}\n${built?.output}`);
    const differences = unexplained(compareFacts(readFacts(join(own, 'buildkit.tar')), readFacts(join(own, 'strake.tar'))), ['parent-times-kept']);
    // The history tells how an image was made, and that is what the plain file does in another way.
    expect(differences.filter(({ where }) => !where.startsWith('history') && !(otherLayers === true && where.startsWith('layers')))).toEqual([]);
  }, 60_000);
});

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

async function commit(folder: string): Promise<void> {
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
}
