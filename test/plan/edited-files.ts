import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Choice } from '../generator/choice';

const FILES = ['src/a', 'src/b', 'src/deep/c', 'other', 'more/x'] as const;
const NEEDED = ['src/a', 'src/b', 'other'] as const;
const IGNORED = ['src/deep', '**/b.tmp', 'src/new*\n!src/new1', 'more'] as const;

/** The build contexts of an edited build: the main one, and the named one `extra`. */
export class EditedFiles {
  readonly folder: string;
  readonly extra: string;
  readonly #choice: Choice;

  constructor(folder: string, choice: Choice) {
    [this.folder, this.extra] = [join(folder, 'context'), join(folder, 'extra')];
    this.#choice = choice;
    for (const path of FILES) this.#write(join(this.folder, path));
    this.#write(join(this.extra, 'e'));
  }

  /** Puts the program of the base images into a folder. */
  static writeBase(folder: string): void {
    mkdirSync(folder, { recursive: true });
    copyFileSync('/bin/busybox', join(folder, 'busybox'));
  }

  content(): string {
    const path = this.#choice.pick(FILES);
    this.#write(join(this.folder, path));
    return `wrote ${path}`;
  }

  mode(): string {
    const path = this.#choice.pick(NEEDED);
    chmodSync(join(this.folder, path), this.#choice.pick([0o644, 0o755, 0o600]));
    return `mode of ${path}`;
  }

  /** A file comes or goes. */
  presence(): string {
    const path = this.#choice.pick(['src/new1', 'src/new2', 'src/deep/b.tmp']);
    const file = join(this.folder, path);
    if (existsSync(file)) rmSync(file);
    else this.#write(file);
    return `${path} ${existsSync(file) ? 'is new' : 'is gone'}`;
  }

  ignore(): string {
    const file = join(this.folder, '.dockerignore');
    const text = this.#choice.percent(30) ? '' : `${this.#choice.pick(IGNORED)}\n`;
    rmSync(file, { force: true });
    if (text !== '') writeFileSync(file, text);
    return `.dockerignore ${JSON.stringify(text)}`;
  }

  named(): string {
    this.#write(join(this.extra, 'e'));
    return 'a file of the named context';
  }

  #write(file: string): void {
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, `content ${this.#choice.between(0, 2)}\n`, { mode: 0o644 });
  }
}
