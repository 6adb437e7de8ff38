import { Folder } from '@strake/syscalls';

/** The folder that a walk is in, kept open until it is in another one: never more than one is, however deep the tree. */
export class NearFolder {
  #path: Buffer | undefined;
  #folder: Folder | undefined;

  at(path: Buffer): Folder {
    if (this.#folder !== undefined && this.#path === path) return this.#folder;
    this.close();
    this.#folder = new Folder(path);
    this.#path = path;
    return this.#folder;
  }

  close(): void {
    this.#folder?.close();
    this.#folder = undefined;
  }
}
