import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../engines/run';

const root = join(__dirname, '../..');

/** A package as it would be published. */
export interface Packed {
  readonly name: string;
  /** Absolute. */
  readonly tarball: string;
  /** Names of other packages of this repository that it needs. */
  readonly needs: readonly string[];
}

/** Why packages cannot be tried here. */
export const packedUnmet: string | undefined = existsSync(join(root, 'packages/strake/dist/index.js')) ? undefined : 'strake is not built (npm run build)';

/**
 * All packages of this repository, packed. Once for what is built now: every suite that asks is given the same tarballs, which nobody changes.
 */
export async function packAll(): Promise<readonly Packed[]> {
  const rooms = ['packages', 'plugins'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name))).filter((room) => existsSync(join(room, 'package.json')));
  const folder = await packedFolder(rooms);
  const manifests = rooms.map((room) => JSON.parse(readFileSync(join(room, 'package.json'), 'utf8')) as Manifest);
  const own = new Set(manifests.map(({ name }) => name));
  return manifests.map(({ name, version, dependencies = {} }) => ({
    name,
    tarball: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
    needs: Object.keys(dependencies).filter((need) => own.has(need)),
  }));
}

/** A folder named after the state of what is packed; it gets its name when it is complete. */
async function packedFolder(rooms: readonly string[]): Promise<string> {
  const kept = join(root, 'node_modules/.cache/strake-packed');
  const folder = join(kept, stateOf(rooms));
  if (existsSync(folder)) return folder;
  mkdirSync(kept, { recursive: true });
  const made = mkdtempSync(join(kept, 'making-'));
  await mustRun(['npm', 'pack', '--workspaces', '--ignore-scripts', '--silent', '--pack-destination', made], { cwd: root });
  try {
    renameSync(made, folder);
  } catch {
    // Another suite was faster.
    rmSync(made, { recursive: true });
  }
  return folder;
}

/** Changes whenever anything below the packages does. */
function stateOf(rooms: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  for (const room of rooms) {
    for (const file of readdirSync(room, { withFileTypes: true })) if (file.isFile()) add(join(room, file.name));
    for (const part of ['bin', 'dist'].map((name) => join(room, name)).filter(existsSync)) {
      for (const file of readdirSync(part, { recursive: true, encoding: 'utf8' })) add(join(part, file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Makes a project with some of the packages, and all that they need, installed from the tarballs; what others publish comes from npm.
 * `more` are versions of further packages.
 */
export async function installPacked(folder: string, packed: readonly Packed[], names: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<void> {
  const wanted = new Set(names);
  // A set that grows while it is walked: what is added comes too.
  for (const name of wanted) for (const need of packed.find((one) => one.name === name)?.needs ?? []) wanted.add(need);
  const files = Object.fromEntries(packed.filter(({ name }) => wanted.has(name)).map(({ name, tarball }) => [name, `file:${tarball}`] as const));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { ...files, ...more } }));
  await mustRun(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--silent'], { cwd: folder, env: npmEnvironment() });
}

/** The authorities that npm is to trust beyond Node's own, which `npm test` keeps from every other program. */
function npmEnvironment(): Readonly<Record<string, string>> {
  const certificates = process.env['STRAKE_TEST_CA_CERTS'];
  return certificates === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificates };
}
