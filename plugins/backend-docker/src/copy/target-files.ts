import { posix } from 'node:path';
import { OperatorError } from '@strake/api';
import { parseGroups, parsePasswd, TarReader, type Accounts } from '@strake/oci';
import type { Containers, PathStat } from '../engine';
import { ENGINE_DIRECTORIES } from '../tree/engine-files';

const DIRECTORY = 2 ** 31;
const SYMLINK = 2 ** 27;
const MOST = 10 << 20;

const isBit = ({ mode }: PathStat, bit: number): boolean => Math.floor(mode / bit) % 2 === 1;

/** What is in a container's tree, asked piece by piece and remembered until something changes it. */
export class TargetFiles {
  private readonly containers: Containers;
  private readonly id: string;
  private readonly signal: AbortSignal;
  /** Directories that the engine has made where there was nothing: they count as missing until a step makes them. */
  private readonly foreign: Set<string>;
  private stats = new Map<string, Promise<PathStat | undefined>>();
  private directories = new Set<string>();
  private known: Promise<Accounts> | undefined;

  /** `isEmpty` says that nothing is in the container's image. */
  constructor(containers: Containers, id: string, signal: AbortSignal, isEmpty = false) {
    this.foreign = new Set(isEmpty ? ENGINE_DIRECTORIES.map((name) => `/${name}`) : []);
    this.containers = containers;
    this.id = id;
    this.signal = signal;
  }

  /** The place of a path, links followed as if the tree's root were `/`; what does not exist is taken as written. Absolute; `/` for the root. */
  async resolve(path: string): Promise<string> {
    let place = '/';
    const names = posix.normalize(`/${path}`).split('/').filter((name) => name !== '');
    for (const name of names) {
      const next = posix.join(place, name);
      const stat = await this.stat(next);
      place = stat !== undefined && isBit(stat, SYMLINK) ? stat.linkTarget : next;
    }
    return place;
  }

  /** What stands at a resolved place. */
  async kind(place: string): Promise<'directory' | 'other' | undefined> {
    if (place === '/' || this.directories.has(place)) return 'directory';
    const stat = this.foreign.has(place) ? undefined : await this.stat(place);
    return stat === undefined ? undefined : isBit(stat, DIRECTORY) ? 'directory' : 'other';
  }

  /** A directory is going to be there. */
  made(place: string): void {
    this.foreign.delete(place);
    this.directories.add(place);
  }

  /** A program ran, or files were written: what was known may be wrong. */
  forget(): void {
    this.stats = new Map();
    this.directories = new Set();
    this.known = undefined;
  }

  accounts(): Promise<Accounts> {
    return (this.known ??= this.readAccounts());
  }

  private async readAccounts(): Promise<Accounts> {
    const passwd = parsePasswd(await this.text('/etc/passwd'));
    const groups = parseGroups(await this.text('/etc/group'));
    return { passwd: () => passwd, groups: () => groups };
  }

  private stat(path: string): Promise<PathStat | undefined> {
    const known = this.stats.get(path) ?? this.containers.stat(this.id, path, this.signal);
    this.stats.set(path, known);
    return known;
  }

  /** The text of a file; empty when there is none. */
  private async text(path: string): Promise<string> {
    const place = await this.resolve(path);
    const stat = await this.stat(place);
    if (stat === undefined || isBit(stat, DIRECTORY)) return '';
    if (stat.size > MOST) throw new OperatorError('IMAGE_INVALID', `"${path}" exceeds ${MOST} bytes`);
    const chunks: Buffer[] = [];
    const reader = new TarReader({ entry: () => undefined, content: (chunk) => void chunks.push(Buffer.from(chunk)), end: () => undefined });
    for await (const chunk of await this.containers.archive(this.id, place, this.signal)) reader.write(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }
}
