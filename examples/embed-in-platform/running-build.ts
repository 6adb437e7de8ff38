import { randomUUID } from 'node:crypto';
import { formatError, StrakeError, type Builder, type BuildOptions, type FailedStep, type Given } from 'strake';
import { messageOf, type Message } from './message-of';

/** The file in which programs say why they failed: the client gets it when a step fails. */
const REPORT = '/tmp/report.txt';

/** A build and all that was said of it, for clients that come late or come back. */
export class RunningBuild {
  readonly id = randomUUID();
  /** Settled when nothing of the build runs any more, however it ended. */
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  readonly #messages: Message[] = [];
  #over = false;
  #wake = (): void => undefined;
  #news = this.#nextNews();

  /** Begins to build; `layout` names the folder of the result. */
  constructor(readonly tenant: string, builder: Builder, options: Given<BuildOptions>, layout: (id: string) => string) {
    this.ended = this.#run(builder, options, layout(this.id)).finally(() => {
      this.#over = true;
      this.#wake();
    });
  }

  cancel(): Promise<void> {
    this.#stop.abort();
    return this.ended;
  }

  /** Everything that is said, from a message on, until the build has ended. */
  async *messages(from: number): AsyncGenerator<readonly [number, Message]> {
    for (let at = from; ; at += 1) {
      let message: Message | undefined;
      while ((message = this.#messages[at]) === undefined) {
        if (this.#over) return;
        await this.#news;
      }
      yield [at, message];
    }
  }

  async #run(builder: Builder, options: Given<BuildOptions>, layout: string): Promise<void> {
    const run = builder.start({
      ...options,
      outputs: [{ type: 'oci', attributes: { dest: layout, tar: 'false' } }],
      signal: this.#stop.signal,
      onStepFailed: (step) => this.#look(step),
    });
    for await (const event of run.events) this.#say(messageOf(event));
    try {
      const { imageId, names } = await run.result;
      this.#say({ event: 'image', data: { imageId, names, layout } });
    } catch (error) {
      this.#say({ event: 'failure', data: { code: error instanceof StrakeError ? error.code : 'INTERNAL', message: formatError(error) } });
    }
  }

  /** The tree of the failed step is there until this has returned. */
  async #look(step: FailedStep): Promise<void> {
    const report = await step.read(REPORT, { limit: 64 << 10 }).catch(() => undefined);
    this.#say({ event: 'look', data: { step: step.name, exitCode: step.exitCode, report: report?.toString() } });
  }

  #say(message: Message | undefined): void {
    if (message === undefined) return;
    this.#messages.push(message);
    this.#wake();
    this.#news = this.#nextNews();
  }

  #nextNews(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
