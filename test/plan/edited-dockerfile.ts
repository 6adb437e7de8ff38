import type { Choice } from '../generator/choice';
import { ALWAYS } from './programs';

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly steps: readonly string[];
}

const RUNS = [
  'RUN busybox true', 'RUN echo made > /made', 'RUN echo same > /out', 'RUN echo $V $MODE > /v', 'RUN busybox cat /work/a > /copy || true', 'RUN busybox ls /work > /list || true',
  'RUN busybox cat /proc/sys/kernel/random/uuid > /random', 'RUN --mount=type=cache,target=/c echo x >> /c/n; busybox cp /c/n /count', 'RUN --mount=source=src,target=/m busybox cat /m/a > /seen || true',
  'RUN --mount=type=tmpfs,target=/t busybox true', 'RUN --network=none busybox true', 'RUN <<EOF\necho a > /first\necho b > /second\nEOF', 'RUN busybox rm -f /made',
  'RUN --cache-ttl=1h echo made > /made', 'RUN --no-cache echo same > /out', 'RUN --no-cache busybox cat /proc/sys/kernel/random/uuid > /random', 'RUN --cache-ttl=30m busybox cat /proc/sys/kernel/random/uuid > /random',
] as const;
const COPIES = [
  'COPY src /work', 'COPY src/a src/b /work/', 'COPY src/* /work/', 'COPY other /', 'COPY --chmod=600 other /other2', 'COPY --chown=5:6 other /', 'COPY --link src /linked', 'COPY --link --chmod=755 other /linked/', 'COPY --exclude=a src /some',
  'COPY <<ONE <<TWO /here/\nfirst $V\nONE\nsecond\nTWO', 'COPY --from=extra e /e', 'ADD other /added',
] as const;
const OTHERS = ['WORKDIR /work', 'ENV MODE=1', 'ENV MODE=2', 'ENV MODE=$V', 'ARG V=1', 'ARG V=2', 'ARG V', 'USER 5', 'USER 0', 'LABEL a=$V', 'SHELL ["/bin/sh", "-c"]', 'ONBUILD RUN echo same > /out', 'ONBUILD COPY other /triggered', 'EXPOSE 80'] as const;
/** What takes from the stage before. */
const TAKEN = ['COPY --from=$ /made /made', 'COPY --from=$ /out /out', 'COPY --from=$ --link /out /linked-out', 'COPY --from=$ /made /out /both/', 'RUN --mount=from=$,target=/m busybox cat /m/made > /seen || true'] as const;
const NAMES = ['one', 'two', 'three', 'four'] as const;

/** A Dockerfile of several stages that is changed at random, a little at a time. */
export class EditedDockerfile {
  readonly #choice: Choice;
  #global = 'ARG BASE=1';
  #stages: readonly Stage[] = [
    { name: 'one', base: 'base:1', steps: ['ARG V=1', 'COPY src /work', 'RUN echo made > /made'] },
    { name: 'two', base: 'base:1', steps: ['COPY other /', 'RUN echo same > /out'] },
    { name: 'three', base: 'one', steps: ['RUN busybox true'] },
    { name: 'four', base: 'base:1', steps: ['COPY --from=one /made /made', 'COPY --from=two /out /out', 'RUN busybox true'] },
  ];

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  get text(): string {
    const stages = this.#stages.map(({ name, base, steps }) => [`FROM ${base} AS ${name}`, ...steps, 'USER 0', ALWAYS]);
    return [this.#global, ...stages.flat(), ''].join('\n');
  }

  insert(): string {
    const at = this.#choice.between(0, 3);
    const step = this.#step(at);
    this.#change(at, (steps) => steps.toSpliced(this.#choice.between(0, steps.length), steps.length > 5 ? 1 : 0, step));
    return `${step} in stage ${NAMES[at]}`;
  }

  remove(): string {
    const at = this.#choice.between(0, 3);
    this.#change(at, (steps) => (steps.length < 2 ? steps : steps.toSpliced(this.#choice.between(0, steps.length - 1), 1)));
    return `a step less in stage ${NAMES[at]}`;
  }

  /** Two neighbours change places. */
  swap(): string {
    const at = this.#choice.between(0, 3);
    this.#change(at, (steps) => (steps.length < 2 ? steps : [...steps.slice(0, -2), ...steps.slice(-2).reverse()]));
    return `the last steps of ${NAMES[at]} in another order`;
  }

  base(): string {
    const at = this.#choice.between(0, 3);
    const base = this.#choice.pick(['base:1', 'base:2', 'base:$BASE', 'onbuild:1', ...NAMES.slice(0, at)]);
    this.#stages = this.#stages.map((stage, each) => (each === at ? { ...stage, base } : stage));
    return `${NAMES[at]} on ${base}`;
  }

  global(): string {
    this.#global = this.#choice.pick(['ARG BASE=1', 'ARG BASE=2']);
    return this.#global;
  }

  /** What fails goes with the next change. */
  mend(): void {
    this.#stages = this.#stages.map((stage) => ({ ...stage, steps: stage.steps.filter((step) => !/busybox false|missing/.test(step)) }));
  }

  /** What fails: nothing may be foretold wrongly before it. */
  failing(): string {
    const at = this.#choice.between(0, 3);
    const step = this.#choice.pick(['RUN busybox false', 'COPY missing /', 'COPY --from=one /missing /']);
    if (at > 0 || !step.includes('--from')) this.#change(at, (steps) => [...steps, step]);
    return `${step} in stage ${NAMES[at]}`;
  }

  #step(at: number): string {
    const earlier = NAMES.slice(0, at);
    const kind = this.#choice.between(0, 9);
    if (kind < 2 && earlier.length > 0) return this.#choice.pick(TAKEN).replace('$', this.#choice.pick(earlier));
    return this.#choice.pick<string>(kind < 6 ? RUNS : kind < 8 ? COPIES : OTHERS);
  }

  #change(wanted: number, change: (steps: readonly string[]) => readonly string[]): void {
    this.#stages = this.#stages.map((stage, at) => (at === wanted ? { ...stage, steps: change(stage.steps) } : stage));
  }
}
