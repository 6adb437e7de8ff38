import { StringDecoder } from 'node:string_decoder';
import { InternalError, type BuildEvent, type Digest } from '@strake/api';
import { idOf, shortId } from './short-id';

interface Line {
  readonly text: string;
  readonly keyword: string;
  /** Absent for an argument before the first stage. */
  readonly stage?: number;
  /** -1 is FROM. */
  readonly step: number;
  readonly vertex: Digest | null;
  /** Has no line of its own, as in Docker. */
  readonly trigger: boolean;
}

/** Those that have no container to be told of. */
const QUIET: ReadonlySet<string> = new Set(['COPY', 'ADD']);

/** The classic builder's lines of a build that has an image of each instruction: one after the other, with IDs that can be inspected. */
export class ImageSteps {
  readonly #write: (text: string) => void;
  readonly #remove: boolean;
  readonly #lines: readonly Line[];
  readonly #total: number;
  readonly #decoders = [new StringDecoder('utf8'), new StringDecoder('utf8')] as const;
  #next = 0;
  #number = 0;
  #announced = false;
  #entered = false;

  constructor(graph: BuildEvent & { readonly type: 'graph' }, write: (text: string) => void, { remove = true }: { readonly remove?: boolean } = {}) {
    this.#write = write;
    this.#remove = remove;
    this.#lines = linesOf(graph);
    this.#total = this.#lines.filter(({ trigger }) => !trigger).length;
  }

  event(event: BuildEvent): void {
    if (event.type === 'started') this.#begin(event.vertex);
    else if (event.type === 'log') this.#log(event.stream, event.data);
    else if (event.type === 'step') this.#end(event);
  }

  #begin(vertex: Digest): void {
    const line = this.#announce();
    if (line?.vertex === vertex) this.#enter(line);
  }

  #end({ stage, step, image, cached }: BuildEvent & { readonly type: 'step' }): void {
    const line = this.#announce();
    if (line?.stage !== stage || line.step !== step) throw new InternalError(`step ${step} of stage ${stage} is told out of order`);
    if (cached) this.#write(' ---> Using cache\n');
    else if (step >= 0) this.#leave(line);
    if (!line.trigger) this.#write(` ---> ${image === null ? '' : shortId(image)}\n`);
    this.#next += 1;
    this.#announced = false;
    this.#entered = false;
  }

  /** The line of what happens now, with its number; arguments before the first stage are over at once. */
  #announce(): Line | undefined {
    for (let line = this.#lines[this.#next]; line !== undefined; line = this.#lines[++this.#next]) {
      if (!this.#announced && !line.trigger) this.#write(`Step ${++this.#number}/${this.#total} : ${line.text}\n`);
      this.#announced = line.stage !== undefined;
      if (this.#announced) return line;
    }
    return undefined;
  }

  #enter(line: Line): void {
    if (this.#entered || QUIET.has(line.keyword)) return;
    this.#entered = true;
    this.#write(` ---> Running in ${containerOf(line)}\n`);
  }

  #leave(line: Line): void {
    if (QUIET.has(line.keyword)) return;
    this.#enter(line);
    if (this.#remove) this.#write(` ---> Removed intermediate container ${containerOf(line)}\n`);
  }

  /** Standard error is red, as from the engine. */
  #log(stream: 1 | 2, data: Buffer): void {
    const text = this.#decoders[stream - 1]?.write(data) ?? '';
    if (text !== '') this.#write(stream === 2 ? `\u001b[91m${text}\u001b[0m` : text);
  }
}

const containerOf = ({ stage, step, vertex, text }: Line): string => idOf('container', stage, step, vertex, text);

function linesOf({ stages, globals }: BuildEvent & { readonly type: 'graph' }): readonly Line[] {
  const before = globals.map(({ text, keyword }): Line => ({ text, keyword, step: -1, vertex: null, trigger: false }));
  const all = stages.flatMap(({ index: stage, text, keyword, base, steps }): readonly Line[] => [
    { text, keyword, stage, step: -1, vertex: null, trigger: false },
    ...steps.map((one, step): Line => {
      const state = step === 0 ? base : (steps[step - 1]?.state ?? null);
      return { text: one.text, keyword: one.keyword, stage, step, vertex: one.state === state ? null : one.state, trigger: one.trigger === true };
    }),
  ]);
  return [...before, ...all];
}
