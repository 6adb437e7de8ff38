import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPlugin, KINDS } from 'create-strake-plugin';
import ts from 'typescript';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { installPacked, packAll, packedUnmet, type Packed } from '../packages/packed';

const root = join(__dirname, '../..');

suite('a created package, with strake as it is published', packedUnmet, () => {
  let folder: string;
  let packed: readonly Packed[];
  beforeAll(async () => {
    folder = makeFolder('create');
    packed = await packAll();
  }, 120_000);
  afterAll(() => removeFolder(folder));

  test('builds, passes its tests, and is used in a build and by another project', async () => {
    const { folder: made } = createPlugin({ name: 'strake-motd', directory: folder });
    const { devDependencies } = JSON.parse(readFileSync(join(made, 'package.json'), 'utf8')) as { readonly devDependencies: Readonly<Record<string, string>> };
    // Versions that nobody has published come from tarballs; the rest of package.json is as it was made.
    const manifest = readFileSync(join(made, 'package.json'), 'utf8');
    await installPacked(made, packed, Object.keys(devDependencies).filter((name) => packed.some((one) => one.name === name)), { '@types/node': '^20', typescript: devDependencies['typescript'] ?? '' });
    writeFileSync(join(made, 'package.json'), manifest);
    const env = { STRAKE_STORE: join(folder, 'store') };
    expect(await mustRun(['npm', 'test', '--silent'], { cwd: made, env })).toMatch(/pass 8\b[^]*fail 0\b/);
    expect(await mustRun(['npm', 'run', '--silent', 'try'], { cwd: made, env })).toContain('write /etc/motd (14 bytes)');
    const [tarball = ''] = (await mustRun(['npm', 'pack', '--silent', '--pack-destination', folder], { cwd: made })).trim().split('\n');
    // Another project, which knows the plugin by its package's name alone.
    const user = join(made, 'user');
    mkdirSync(join(user, 'node_modules/strake-motd'), { recursive: true });
    await mustRun(['tar', '-xzf', join(folder, tarball), '-C', join(user, 'node_modules/strake-motd'), '--strip-components=1']);
    expect(existsSync(join(user, 'node_modules/strake-motd/dist/index.test.js'))).toBe(false);
    // A package of its own: within the plugin's the name would mean the plugin itself.
    writeFileSync(join(user, 'package.json'), '{ "private": true }');
    writeFileSync(join(user, 'Dockerfile'), 'FROM scratch\nMOTD Hello!\nMOTD --mode=rw x\n');
    writeFileSync(join(user, 'strake.config.json'), '{ "plugins": ["strake-motd"] }');
    const strake = (...argv: readonly string[]) => run([process.execPath, join(made, 'node_modules/@strake/cli/bin/strake.js'), ...argv], { cwd: user, env });
    expect((await strake('plugins')).stdout).toContain('  instruction-motd   from strake-motd 0.1.0 (./node_modules/strake-motd/dist/index.js)\n    MOTD [--mode]   writes a text to /etc/motd');
    const refused = await strake('plan', '.');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Dockerfile:3:6: not an octal mode: rw')]);
    writeFileSync(join(user, 'Dockerfile'), 'FROM scratch\nMOTD Hello!\n');
    expect((await strake('plan', '.')).stdout).toContain('write /etc/motd (7 bytes)');
  }, 240_000);
});

const parsed = new Map<string, ts.SourceFile | undefined>();

/** A compiler's host that reads what is installed once for all programs: the types of Node and strake are most of each. */
function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) => {
    if (!file.endsWith('.d.ts')) return read(file, ...rest);
    if (!parsed.has(file)) parsed.set(file, read(file, ...rest));
    return parsed.get(file);
  };
  return host;
}

suite('created packages of each kind', packedUnmet, () => {
  // Within the repository: they find strake in node_modules, as if it were installed.
  const folder = join(root, 'node_modules/.cache', `strake-create-${process.pid}`);
  beforeAll(() => void mkdirSync(folder, { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(KINDS)('%s compiles, passes its tests, and its example can be planned', async (kind) => {
    const { folder: made, files } = createPlugin({ name: `strake-my-${kind}`, kind, directory: folder });
    expect(files).toEqual(expect.arrayContaining(['package.json', 'tsconfig.json', 'README.md', 'src/index.ts', 'src/index.test.ts', 'example/Dockerfile', 'example/strake.config.ts']));
    const { options, fileNames } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(made, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config, ts.sys, made);
    const program = ts.createProgram(fileNames, { ...options, typeRoots: [join(root, 'node_modules/@types')] }, hostOf(options));
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    program.emit();
    const env = { STRAKE_STORE: join(made, 'store') };
    expect(await mustRun([process.execPath, '--test', 'dist/'], { cwd: made, env })).toMatch(/fail 0\b/);
    await mustRun([process.execPath, join(root, 'packages/cli/bin/strake.js'), 'plan', '.'], { cwd: join(made, 'example'), env });
  }, 60_000);
});
