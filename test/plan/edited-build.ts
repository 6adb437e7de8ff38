import type { BuildOptions, CacheChoice } from 'strake';
import { Choice } from '../generator/choice';
import { EditedDockerfile } from './edited-dockerfile';
import { EditedFiles } from './edited-files';

/** What an edited build may use besides what every backend has. */
export interface EditKinds {
  /** Several platforms, time that goes by, other caches: without real programs. */
  readonly all: boolean;
}

/** A strategy for one build, by what a person would call it. */
const CACHES: readonly (readonly [string, CacheChoice])[] = [
  ['none', 'none'],
  ['read-only', 'read-only'],
  ['ttl', 'ttl=1h'],
  ['tiered', { tiers: ['read-only', 'content'] }],
  ['tiered, old', { tiers: ['ttl=30m', 'content'] }],
  ['rules', { rules: [{ stage: 'two', use: 'none' }, { keyword: 'RUN', use: 'ttl=1h' }, { op: 'copy', use: 'read-only' }] }],
];

/** A build that is changed at random, a little at a time: files, ignore file, instructions, options. */
export class EditedBuild {
  readonly #choice: Choice;
  readonly #files: EditedFiles;
  readonly #dockerfile: EditedDockerfile;
  readonly #kinds: EditKinds;
  #lasting: BuildOptions = {};
  /** Of the next build alone. */
  #once: BuildOptions = {};
  #cache: readonly [string, CacheChoice] | undefined;
  /** Seconds that have gone by. */
  elapsed = 0;

  /** `base:1`, `base:2` and `onbuild:1` must be there. */
  constructor(folder: string, seed: number, kinds: EditKinds) {
    this.#choice = new Choice(seed);
    this.#kinds = kinds;
    this.#files = new EditedFiles(folder, this.#choice);
    this.#dockerfile = new EditedDockerfile(this.#choice);
  }

  get options(): BuildOptions {
    return { context: this.#files.folder, buildContexts: { extra: this.#files.extra }, dockerfile: { text: this.text, name: 'Dockerfile' }, network: 'none', offline: true, ...this.#lasting, ...this.#once };
  }

  get text(): string {
    return this.#dockerfile.text;
  }

  get cache(): CacheChoice {
    return this.#cache?.[1] ?? 'content';
  }

  /** Makes one change, and says which. */
  edit(): string {
    [this.#once, this.#cache] = [{}, undefined];
    const [files, dockerfile] = [this.#files, this.#dockerfile];
    dockerfile.mend();
    const change = this.#choice.weighted<() => string>([
      [2, () => files.content()], [1, () => files.mode()], [2, () => files.presence()], [1, () => files.ignore()], [1, () => files.named()],
      [6, () => dockerfile.insert()], [2, () => dockerfile.remove()], [1, () => dockerfile.swap()], [2, () => dockerfile.base()], [1, () => dockerfile.global()], [1, () => dockerfile.failing()],
      [2, () => this.#arguments()], [1, () => this.#last({ target: this.#choice.pick(['one', 'two', 'three', 'four']) })], [1, () => this.#now({ noCache: true })],
      [2, () => this.#now({ noCacheFilter: [this.#choice.pick(['one', 'two', 'three', 'four'])] })], [1, () => this.#last({ allStages: this.#choice.percent(50) })], [1, () => 'nothing'],
      ...(this.#kinds.all ? this.#further() : []),
    ]);
    return change();
  }

  /** A number below another, of the same sequence. */
  below(limit: number): number {
    return this.#choice.between(0, limit - 1);
  }

  #further(): readonly (readonly [number, () => string])[] {
    return [
      [1, () => this.#last({ platforms: this.#choice.percent(40) ? ['linux/amd64', 'linux/arm64'] : ['linux/amd64'] })],
      [3, () => ((this.#cache = this.#choice.pick(CACHES)), `cache ${this.#cache[0]}`)],
      [3, () => ((this.elapsed += this.#choice.pick([600, 1900, 3700])), `${this.elapsed} s gone by`)],
    ];
  }

  #arguments(): string {
    const value = String(this.#choice.between(0, 2));
    return this.#last({ buildArgs: this.#choice.pick([{}, { V: value }, { BASE: '2' }, { V: value, BASE: '1' }]) });
  }

  #last(options: BuildOptions): string {
    this.#lasting = { ...this.#lasting, ...options };
    return JSON.stringify(options);
  }

  #now(options: BuildOptions): string {
    this.#once = options;
    return JSON.stringify(options);
  }
}
