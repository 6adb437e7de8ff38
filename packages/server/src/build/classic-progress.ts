import { StringDecoder } from 'node:string_decoder';
import type { BuildEvent, Diagnostic, Digest } from '@strake/api';
import type { BuildResult } from 'strake';
import { classicSteps, type ClassicStep } from './classic-step';
import { idOf, shortId } from './short-id';
import { ImageSteps } from './image-steps';
import { Spool } from './spool';

/** How the lines are written. */
export interface ClassicProgressOptions {
  /** Where what many steps print before their turn is kept. */
  readonly folder: string;
  /** false: no line says that a container was removed (`docker build --rm=false`). */
  readonly remove?: boolean;
  /** Of the request (`docker build --label`). */
  readonly labels?: Readonly<Record<string, string>>;
}

interface Seen {
  state: 'waiting' | 'running' | 'cached' | 'done';
  /** A character can be split over two pieces of output. */
  readonly decoder: StringDecoder;
  readonly logs: Spool;
}

/**
 * The classic builder's lines, from events of a build whose steps run at the same time: each step is told in the order of the
 * file, and the output of a later one is kept until its turn.
 */
export class ClassicProgress {
  readonly #write: (text: string) => void;
  readonly #options: ClassicProgressOptions;
  readonly #seen = new Map<Digest, Seen>();
  readonly #warnings: string[] = [];
  #images: ImageSteps | undefined;
  #steps: readonly ClassicStep[] = [];
  #next = 0;
  #announced = false;
  #entered = false;
  /** Whether all steps of the current stage came from the cache so far. */
  #cached = true;

  /** `write` gets whole lines, and what programs print as it comes. */
  constructor(write: (text: string) => void, options: ClassicProgressOptions) {
    this.#write = write;
    this.#options = options;
  }

  /** Forgets what was never told. */
  close(): void {
    for (const { logs } of this.#seen.values()) logs.close();
  }

  event(event: BuildEvent): void {
    if (event.type === 'graph' && event.images === true) this.#images = new ImageSteps(event, this.#write, this.#options);
    if (this.#images !== undefined && event.type !== 'warning') {
      this.#images.event(event);
      return;
    }
    switch (event.type) {
      case 'graph':
        this.#steps = classicSteps(event, this.#options.labels);
        break;
      case 'started':
        this.#of(event.vertex).state = 'running';
        break;
      case 'cached':
        this.#of(event.vertex).state = 'cached';
        break;
      case 'log':
        this.#log(this.#of(event.vertex), event.stream, event.data);
        break;
      case 'done':
        if (event.error !== undefined) return;
        this.#of(event.vertex).state = 'done';
        break;
      case 'warning':
        this.#warnings.push(warningLine(event.diagnostic));
        return;
      default:
        return;
    }
    this.#advance();
  }

  /** The last lines of a build that went well. `familiar` are its names as people write them. */
  finish({ imageId }: BuildResult, familiar: readonly string[]): void {
    // Where each instruction has an image, the last one's was told already.
    if (this.#images === undefined) this.#write(` ---> ${shortId(imageId)}\n`);
    for (const warning of this.#warnings) this.#write(warning);
    this.#write(`Successfully built ${shortId(imageId)}\n`);
    for (const name of familiar) this.#write(`Successfully tagged ${name}\n`);
  }

  /** Standard error is red, as from the engine. */
  #log({ decoder, logs }: Seen, stream: 1 | 2, data: Buffer): void {
    const text = decoder.write(data);
    if (text !== '') logs.append(Buffer.from(stream === 2 ? `\u001b[91m${text}\u001b[0m` : text));
  }

  #of(vertex: Digest): Seen {
    const known = this.#seen.get(vertex) ?? { state: 'waiting', decoder: new StringDecoder('utf8'), logs: new Spool(this.#options.folder) };
    this.#seen.set(vertex, known);
    return known;
  }

  #advance(): void {
    for (let step = this.#steps[this.#next]; step !== undefined; step = this.#steps[this.#next]) {
      this.#announce(step);
      if (!this.#tell(step)) return;
      // The last one's ID is the image's, which is known when it is made.
      if (step.id !== undefined && this.#next < this.#steps.length - 1) this.#write(` ---> ${step.id}\n`);
      this.#next += 1;
      this.#announced = false;
      this.#entered = false;
    }
  }

  #announce({ text, begins }: ClassicStep): void {
    if (this.#announced) return;
    this.#announced = true;
    if (begins) this.#cached = true;
    this.#write(`Step ${this.#next + 1}/${this.#steps.length} : ${text}\n`);
  }

  /** Tells what is known of a step; false while it is not over. */
  #tell(step: ClassicStep): boolean {
    if (step.begins || step.id === undefined) return true;
    if (step.vertex === null) {
      this.#ended(step, this.#cached);
      return true;
    }
    const { state, logs } = this.#of(step.vertex);
    if (state === 'running' || state === 'done') this.#enter(step);
    this.#tellAll(logs);
    if (state === 'waiting' || state === 'running') return false;
    this.#cached &&= state === 'cached';
    this.#ended(step, state === 'cached');
    return true;
  }

  /** A character can be split over two pieces of it. */
  #tellAll(logs: Spool): void {
    const decoder = new StringDecoder('utf8');
    for (let piece = logs.take(); piece !== undefined; piece = logs.take()) {
      const text = decoder.write(piece);
      if (text !== '') this.#write(text);
    }
  }

  #enter({ contained, id }: ClassicStep): void {
    if (this.#entered) return;
    this.#entered = true;
    if (contained) this.#write(` ---> Running in ${idOf('container', id)}\n`);
  }

  #ended({ contained, vertex, id }: ClassicStep, cached: boolean): void {
    if (cached) {
      this.#write(' ---> Using cache\n');
      return;
    }
    if (!contained && vertex !== null) return;
    if (vertex === null) this.#write(` ---> Running in ${idOf('container', id)}\n`);
    if (this.#options.remove !== false) this.#write(` ---> Removed intermediate container ${idOf('container', id)}\n`);
  }
}

/** As the engine writes them; with the place, where a line of the Dockerfile is meant. */
function warningLine({ message, range }: Diagnostic): string {
  return `[Warning] ${range === undefined ? '' : `${range.file}:${range.start.line}: `}${message}\n`;
}
