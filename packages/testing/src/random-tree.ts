import { makeNode, setTimes, setXattr, S_IFCHR, S_IFIFO } from '@strake/syscalls';
import { chmodSync, lchownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { randomNumbers, type RandomNumbers } from './random-numbers';

/** How a random tree is grown. */
export interface RandomTreeOptions {
  /** The same seed gives the same tree. */
  readonly seed: number;
  /** About this many entries; 40 by default. */
  readonly entries?: number;
  /** Owners, devices, whiteouts and opaque folders too: what only root may make, and an overlay upper directory may hold. */
  readonly privileged?: boolean;
}

const NAMES = ['a', 'b.txt', '.hidden', 'name with blanks', 'new\nline', 'ünïcödé', 'x'.repeat(99), 'y'.repeat(101), 'z'.repeat(255), '-dash', 'a b=c', '\\back'];
const SIZES = [0, 1, 511, 512, 513, 5000, 70_000];
const MODES = [0o644, 0o755, 0o600, 0o000, 0o4755, 0o2755, 0o1777];
const OWNERS = [0, 1, 1000, 65_534, 2_097_151, 2_097_152, 4_294_967_294];
const TIMES = [0n, 1n, -1n, 1_700_000_000_000_000_000n, 1_700_000_000_123_456_789n, -1_500_000_000n, 8_589_934_592_000_000_000n];

/**
 * Fills an empty directory with a tree of all that layers hold: long, strange and non-UTF-8 names, deep folders, hard and
 * symbolic links, sizes around tar's blocks, times before the epoch and to the nanosecond, attributes.
 */
export function randomTree(directory: string, { seed, entries = 40, privileged = false }: RandomTreeOptions): void {
  new TreeGrower(randomNumbers(seed), privileged).grow(directory, entries);
}

/** Adds one entry of a kind at a free path. */
type Grow = (path: Buffer) => void;

class TreeGrower {
  readonly #random: RandomNumbers;
  readonly #privileged: boolean;
  readonly #folders: Buffer[] = [];
  readonly #files: Buffer[] = [];
  readonly #used = new Set<string>();

  constructor(random: RandomNumbers, privileged: boolean) {
    this.#random = random;
    this.#privileged = privileged;
  }

  grow(directory: string, entries: number): void {
    this.#folders.push(Buffer.from(directory));
    for (let count = 0; count < entries; count += 1) {
      const path = this.#freePath();
      this.#random.pick(this.#kinds())(path);
    }
    // The deepest last: adding to a folder changes its time.
    for (const folder of this.#folders.slice(1).reverse()) this.#attributes(folder, true);
  }

  #kinds(): readonly Grow[] {
    const common: readonly Grow[] = [(path) => this.#file(path), (path) => this.#file(path), (path) => this.#folder(path), (path) => this.#symlink(path), (path) => this.#link(path)];
    if (!this.#privileged) return common;
    return [
      ...common,
      (path) => makeNode(path, S_IFCHR, 0, 0),
      (path) => this.#special(path, S_IFIFO, 0, 0),
      (path) => this.#special(path, S_IFCHR, 1, this.#random.below(300) + 1),
    ];
  }

  #file(path: Buffer): void {
    writeFileSync(path, Buffer.alloc(this.#random.pick(SIZES), this.#random.below(256)));
    this.#files.push(path);
    this.#attributes(path, true);
  }

  #folder(path: Buffer): void {
    mkdirSync(path);
    this.#folders.push(path);
    if (this.#privileged && this.#random.below(4) === 0) setXattr(path, 'trusted.overlay.opaque', Buffer.from('y'));
  }

  #symlink(path: Buffer): void {
    symlinkSync(this.#random.pick(['nowhere', '/etc/passwd', '../..', 'ü'.repeat(60), 't'.repeat(100), 't'.repeat(101)]), path);
    this.#attributes(path, false);
  }

  #link(path: Buffer): void {
    if (this.#files.length === 0) this.#file(path);
    else linkSync(this.#random.pick(this.#files), path);
  }

  #special(path: Buffer, type: number, major: number, minor: number): void {
    makeNode(path, type | 0o600, major, minor);
    setTimes(path, this.#random.pick(TIMES));
  }

  #attributes(path: Buffer, hasMode: boolean): void {
    if (this.#privileged) lchownSync(path, this.#random.pick(OWNERS), this.#random.pick(OWNERS));
    if (hasMode) chmodSync(path, this.#privileged ? this.#random.pick(MODES) : this.#random.pick([0o644, 0o755, 0o700]) | 0o700);
    if (hasMode && this.#random.below(3) === 0) setXattr(path, `user.${this.#random.pick(['a', 'ü', 'a.b'])}`, Buffer.alloc(this.#random.below(300), this.#random.below(256)));
    setTimes(path, this.#random.pick(TIMES));
  }

  #freePath(): Buffer {
    for (;;) {
      const folder = this.#random.pick(this.#folders);
      const path = Buffer.concat([folder, Buffer.from('/'), this.#name()]);
      const key = path.toString('latin1');
      // The kernel takes 4,095 bytes; what unpacks may stand deeper than we do.
      if (path.length > 2000 || this.#used.has(key)) continue;
      this.#used.add(key);
      return path;
    }
  }

  #name(): Buffer {
    if (this.#random.below(6) === 0) return Buffer.from([0x66, 0x80 + this.#random.below(128), 0xff]);
    const name = Buffer.from(this.#random.pick(NAMES));
    return this.#random.below(2) === 0 || name.length > 240 ? name : Buffer.concat([name, Buffer.from(String(this.#random.below(1000)))]);
  }
}
