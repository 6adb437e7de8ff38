import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openStore } from '@strake/oci';
import { createBuilder, type BuildEvent, type Builder, type BuilderConfig, type BuildOptions, type BuildResult } from 'strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';

/** Why builds with programs cannot be tried here. */
export const buildsUnmet: string | undefined = unmetNeed({ root: true }) ?? (existsSync('/bin/busybox') ? undefined : 'needs busybox-static');

/** The beginning of a Dockerfile whose RUNs have a shell. */
export const shell = 'FROM scratch AS shell\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nENV PATH=/bin\n';

/** What a build found, by instruction: the place that it was found in, `here` for the store itself, `made` for none. */
export type Outcome = Readonly<Record<string, string>>;

/** A machine: a store of its own, and the same build context as all others. */
export interface Machine {
  readonly store: string;
  /** Builds a Dockerfile's text. */
  build(text: string, options?: BuildOptions): Promise<BuildResult & { readonly steps: Outcome; readonly tasks: readonly string[] }>;
  /** What a dry run predicts. */
  plan(text: string, options?: BuildOptions): Promise<Outcome>;
  /** Snapshots and blobs that are there. */
  content(): { readonly snapshots: number; readonly blobs: readonly string[] };
  readonly builder: Builder;
}

/** Machines that share nothing but a folder. */
export class Machines {
  readonly folder: string;
  readonly #builders: Builder[] = [];
  #count = 0;

  constructor(name: string) {
    this.folder = makeFolder(name);
    mkdirSync(join(this.folder, 'context'));
    if (existsSync('/bin/busybox')) copyFileSync('/bin/busybox', join(this.folder, 'context/busybox'));
  }

  /** Puts a file into the build context. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, 'context', path)), { recursive: true });
    writeFileSync(join(this.folder, 'context', path), text);
  }

  /** A new machine with an empty store, or with a copy of another's. */
  async machine(config: BuilderConfig = {}, like?: Machine): Promise<Machine> {
    const store = join(this.folder, `store${++this.#count}`);
    if (like !== undefined) cpSync(like.store, store, { recursive: true });
    const builder = await createBuilder({ store, cwd: this.folder, env: { HOME: this.folder, PATH: process.env['PATH'] }, registries: { attempts: 1 }, ...config });
    this.#builders.push(builder);
    const given = (text: string, options: BuildOptions = {}): BuildOptions => ({ context: 'context', dockerfile: { text, name: 'Dockerfile' }, ...options });
    return {
      store,
      builder,
      build: async (text, options = {}) => {
        const steps: Record<string, string> = {};
        const tasks: string[] = [];
        const result = await builder.build({ ...given(text, options), onEvent: (event) => note(event, steps, tasks) });
        return { ...result, steps, tasks };
      },
      plan: async (text, options) => Object.fromEntries((await builder.plan(given(text, options))).steps.map(({ name, cached, from, uncertain }) => [shown(name), cached ? (from ?? 'here') : uncertain === true ? 'maybe' : 'made'])),
      content: () => {
        const opened = openStore(store, { readonly: true });
        return { snapshots: opened.snapshots.list().length, blobs: opened.blobs.list() };
      },
    };
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  async end(): Promise<void> {
    for (const builder of this.#builders) await builder.close();
    await removeFolder(this.folder);
  }
}

function note(event: BuildEvent, steps: Record<string, string>, tasks: string[]): void {
  if ('note' in event && event.note.name.startsWith('[internal]')) return;
  if (event.type === 'cached') steps[shown(event.note.name)] = event.from ?? 'here';
  if (event.type === 'started') steps[shown(event.note.name)] = 'made';
  if (event.type === 'export' && event.state === 'done') tasks.push(event.name);
}

/** A step without its number, which shifts with others: `[build] RUN make`. */
function shown(name: string): string {
  return name.replace(/^\[(\S+)(?: \S+)*? \d+\/\d+\]/, '[$1]');
}
