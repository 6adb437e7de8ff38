import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildOptions } from 'strake';
import { Choice } from '../generator/choice';

interface Stage {
  readonly base: string;
  readonly steps: readonly string[];
}

const FILES = ['src/a', 'src/b', 'src/deep/c', 'other'] as const;
const COMMANDS = ['busybox true', 'echo made > /made', 'busybox cat /work/a > /copy || true', 'echo $V > /v', 'echo same > /out', 'busybox ls /work > /list || true'] as const;
const COPIES = ['COPY src /work', 'COPY src/a src/b /work/', 'COPY other /', 'COPY --chmod=600 other /other2', 'COPY --link src /linked', 'WORKDIR /work', 'ENV MODE=1', 'ENV MODE=2', 'ARG V=1', 'ARG V=2'] as const;

/** A build of two stages and a result that is changed at random, a little at a time. */
export class EditedBuild {
  readonly #choice: Choice;
  readonly #folder: string;
  #stages: readonly Stage[] = [{ base: 'base', steps: ['ARG V=1', 'COPY src /work', `RUN ${COMMANDS[1]}`] }, { base: 'base', steps: ['COPY other /', `RUN ${COMMANDS[4]}`] }];
  #results: readonly string[] = ['COPY --from=one /made /made', 'COPY --from=two /out /out', `RUN ${COMMANDS[0]}`];
  #args: Readonly<Record<string, string>> = {};

  /** `base:1` and `base:2` must be in the store. */
  constructor(folder: string, seed: number) {
    this.#folder = folder;
    this.#choice = new Choice(seed);
    mkdirSync(folder, { recursive: true });
    for (const path of FILES) this.#write(path);
  }

  /** Puts the program of the base images beside the files. */
  static writeBase(folder: string): void {
    mkdirSync(folder, { recursive: true });
    copyFileSync('/bin/busybox', join(folder, 'busybox'));
  }

  get options(): BuildOptions {
    return { context: this.#folder, dockerfile: { text: this.text, name: 'Dockerfile' }, buildArgs: this.#args, network: 'none' };
  }

  get text(): string {
    const stages = this.#stages.map(({ base, steps }, at) => [`FROM ${base === 'base' ? 'base:1' : base} AS ${at === 0 ? 'one' : 'two'}`, ...steps, 'RUN [ -e /made ] || echo m > /made; [ -e /out ] || echo o > /out']);
    return [...stages.flat(), 'FROM base:1', ...this.#results, ''].join('\n');
  }

  /** Makes one change, and says which. */
  edit(): string {
    const edits: readonly (() => string)[] = [
      () => this.#write(this.#choice.pick(FILES)),
      () => this.#chmod(this.#choice.pick(FILES)),
      () => this.#insert(),
      () => this.#insert(),
      () => this.#remove(),
      () => this.#result(),
      () => this.#base(),
      () => ((this.#args = this.#choice.percent(50) ? {} : { V: String(this.#choice.between(0, 2)) }), `arguments ${JSON.stringify(this.#args)}`),
    ];
    return this.#choice.pick(edits)();
  }

  /** A number below another, of the same sequence. */
  below(limit: number): number {
    return this.#choice.between(0, limit - 1);
  }

  #write(path: string): string {
    const file = join(this.#folder, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, `content ${this.#choice.between(0, 2)}\n`, { mode: 0o644 });
    return `wrote ${path}`;
  }

  #chmod(path: string): string {
    chmodSync(join(this.#folder, path), this.#choice.pick([0o644, 0o755, 0o600]));
    return `mode of ${path}`;
  }

  #insert(): string {
    const at = this.#choice.between(0, 1);
    const step = this.#choice.percent(50) ? `RUN ${this.#choice.pick(COMMANDS)}` : this.#choice.pick(COPIES);
    this.#change(at, (steps) => steps.toSpliced(this.#choice.between(0, steps.length), steps.length > 5 ? 1 : 0, step));
    return `${step} in stage ${at}`;
  }

  #remove(): string {
    const at = this.#choice.between(0, 1);
    this.#change(at, (steps) => (steps.length < 2 ? steps : steps.toSpliced(this.#choice.between(0, steps.length - 1), 1)));
    return `a step less in stage ${at}`;
  }

  #result(): string {
    this.#results = [...this.#results.slice(0, 2), `RUN ${this.#choice.pick(COMMANDS)}`, ...(this.#choice.percent(30) ? ['RUN --mount=from=one,target=/m busybox ls /m'] : [])];
    return 'the result';
  }

  #base(): string {
    const base = this.#choice.pick(['base', 'base:2', 'one']);
    this.#stages = this.#stages.map((stage, at) => (at === 1 ? { ...stage, base } : stage));
    return `the second stage on ${base}`;
  }

  #change(wanted: number, change: (steps: readonly string[]) => readonly string[]): void {
    this.#stages = this.#stages.map((stage, at) => (at === wanted ? { ...stage, steps: change(stage.steps) } : stage));
  }
}
