import type { BuildEvent, Digest } from '@strake/api';
import { byteSize } from './byte-size';
import { moment, seconds } from './duration';
import { isTold } from './is-told';
import { LogLines } from './log-lines';
import { printable } from './printable';
import type { Output, Renderer } from './renderer';
import { warningText } from './warning-text';

interface Numbered {
  readonly number: number;
  readonly startedAt: number;
}

/** `--progress plain`: BuildKit's numbered lines, nothing redrawn. Log bytes are passed on as they are. */
export class PlainRenderer implements Renderer {
  private readonly vertices = new Map<string, Numbered>();
  private readonly logs = new LogLines();
  private readonly shownPercent = new Map<string, number>();
  private current = 0;

  constructor(private readonly output: Output) {}

  event(event: BuildEvent): void {
    switch (event.type) {
      case 'graph':
      case 'step':
        return;
      case 'missed':
        this.missed(event);
        return;
      case 'started':
        this.begin(event.vertex, event.at, event.note.name);
        return;
      case 'cached':
        this.end(event.vertex, this.begin(event.vertex, event.at, event.note.name), event.from === undefined ? 'CACHED' : `CACHED [from ${event.from}]`);
        return;
      case 'log':
        this.log(event.vertex, event.at, this.logs.push(event));
        return;
      case 'progress':
        this.progress(event);
        return;
      case 'done':
        this.done(event);
        return;
      case 'export':
        this.exported(event);
        return;
      case 'warning':
        this.output.write(`${warningText(event.diagnostic)}\n`);
    }
  }

  finish(): void {
    // everything has been written as it came
  }

  /** What was never built needs no reason. */
  private missed({ vertex, at, note, reason, miss }: BuildEvent & { type: 'missed' }): void {
    if (isTold(miss)) this.line(this.begin(vertex, at, note.name), `not cached: ${printable(reason)}`);
  }

  private begin(key: string, at: number, name: string): Numbered {
    const known = this.vertices.get(key);
    if (known !== undefined) return known;
    const made = { number: this.vertices.size + 1, startedAt: at };
    this.vertices.set(key, made);
    this.line(made, name);
    return made;
  }

  private line(vertex: Numbered, text: string): void {
    this.turnTo(vertex);
    this.output.write(`#${vertex.number} ${text}\n`);
  }

  /** An empty line parts the lines of one vertex from those of the next. */
  private turnTo(vertex: Numbered): void {
    if (this.current !== 0 && this.current !== vertex.number) this.output.write('\n');
    this.current = vertex.number;
  }

  private end(key: string, vertex: Numbered, text: string): void {
    this.line(vertex, text);
    this.output.write('\n');
    this.current = 0;
    this.shownPercent.delete(key);
  }

  private log(vertex: Digest, at: number, lines: readonly Buffer[]): void {
    if (lines.length === 0) return;
    const numbered = this.begin(vertex, at, vertex);
    this.turnTo(numbered);
    const prefix = Buffer.from(`#${numbered.number} ${moment(at - numbered.startedAt)} `);
    this.output.write(Buffer.concat(lines.flatMap((line) => [prefix, line, Buffer.from('\n')])));
  }

  /** Ten lines for a known total, so that a log file stays readable. */
  private progress({ vertex, at, progress: { label, current, total } }: BuildEvent & { type: 'progress' }): void {
    if (total === undefined || total === 0) return;
    const tenth = Math.floor((current / total) * 10);
    if (tenth <= (this.shownPercent.get(vertex) ?? 0)) return;
    this.shownPercent.set(vertex, tenth);
    this.line(this.begin(vertex, at, vertex), `${label} ${byteSize(current)} / ${byteSize(total)}`);
  }

  private done(event: BuildEvent & { type: 'done' }): void {
    const vertex = this.begin(event.vertex, event.at - event.milliseconds, event.note.name);
    this.log(event.vertex, event.at, this.logs.end(event.vertex));
    this.end(event.vertex, vertex, event.error === undefined ? `DONE ${seconds(event.milliseconds)}` : `ERROR: ${event.error}`);
  }

  private exported(event: BuildEvent & { type: 'export' }): void {
    const vertex = this.begin(`export ${event.name}`, event.at, event.name);
    if (event.state === 'done') this.end(event.name, vertex, `DONE ${seconds(event.milliseconds ?? event.at - vertex.startedAt)}`);
  }
}
