import type { BuildEvent, Progress } from '@strake/api';
import { isTold } from './is-told';
import { LogLines } from './log-lines';
import { printable } from './printable';

/** One line of the block: a vertex or an export. */
export interface Row {
  readonly name: string;
  /** Undefined until it begins. */
  startedAt?: number;
  endedAt?: number;
  state: 'waiting' | 'running' | 'cached' | 'done' | 'failed';
  progress?: Progress;
  /** Where it was found, outside the store. */
  from?: string;
  /** All that it has written so far, made printable; dropped when it succeeds. */
  log: { readonly at: number; readonly text: string }[];
}

/** What the block shows, built up from events. */
export class TtyState {
  readonly rows = new Map<string, Row>();
  readonly warnings: (BuildEvent & { readonly type: 'warning' })[] = [];
  private readonly logs = new LogLines();

  apply(event: BuildEvent): void {
    switch (event.type) {
      case 'step':
        return;
      case 'graph':
        for (const vertex of event.vertices) this.row(vertex.digest, vertex.note.name);
        return;
      case 'started':
        Object.assign(this.row(event.vertex, event.note.name), { state: 'running', startedAt: event.at });
        return;
      case 'cached':
        Object.assign(this.row(event.vertex, event.note.name), { state: 'cached', startedAt: event.at, endedAt: event.at, ...(event.from === undefined ? {} : { from: event.from }) });
        return;
      case 'missed':
        if (isTold(event.miss)) this.row(event.vertex, event.note.name).log.push({ at: 0, text: `not cached: ${printable(event.reason)}` });
        return;
      case 'log':
        this.log(event.vertex, event.at, this.logs.push(event));
        return;
      case 'progress':
        this.row(event.vertex, event.vertex).progress = event.progress;
        return;
      case 'done':
        this.log(event.vertex, event.at, this.logs.end(event.vertex));
        this.end(this.row(event.vertex, event.note.name), event.at, event.milliseconds, event.error !== undefined);
        return;
      case 'export':
        this.exported(event);
        return;
      case 'warning':
        this.warnings.push(event);
    }
  }

  private row(key: string, name: string): Row {
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const made: Row = { name: printable(name), state: 'waiting', log: [] };
    this.rows.set(key, made);
    return made;
  }

  private log(key: string, at: number, lines: readonly Buffer[]): void {
    const row = this.row(key, key);
    for (const line of lines) row.log.push({ at: at - (row.startedAt ?? at), text: printable(line.toString('utf8')) });
  }

  private end(row: Row, at: number, milliseconds: number, failed: boolean): void {
    row.startedAt ??= at - milliseconds;
    row.endedAt = row.startedAt + milliseconds;
    row.state = failed ? 'failed' : 'done';
    delete row.progress;
    if (!failed) row.log = [];
  }

  private exported(event: BuildEvent & { type: 'export' }): void {
    const row = this.row(`export ${event.name}`, event.name);
    if (event.state === 'started') Object.assign(row, { state: 'running', startedAt: event.at });
    else this.end(row, event.at, event.milliseconds ?? event.at - (row.startedAt ?? event.at), false);
  }
}
