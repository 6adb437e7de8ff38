import type { BuildEvent, Diagnostic } from '@strake/api';
import { createHash } from 'node:crypto';

/** One line of `--progress rawjson`: the JSON of BuildKit's `client.SolveStatus`. Times are RFC 3339; bytes are base64. */
export interface SolveStatus {
  readonly vertexes?: readonly StatusVertex[];
  readonly statuses?: readonly StatusProgress[];
  readonly logs?: readonly { readonly vertex: string; readonly stream: number; readonly data: string; readonly timestamp: string }[];
  readonly warnings?: readonly StatusWarning[];
}

interface StatusVertex {
  readonly digest: string;
  readonly inputs?: readonly string[];
  readonly name: string;
  readonly started?: string;
  readonly completed?: string;
  readonly cached?: true;
  readonly error?: string;
}

interface StatusProgress {
  readonly id: string;
  readonly vertex: string;
  readonly name: string;
  readonly total?: number;
  readonly current: number;
  readonly timestamp: string;
  readonly started: string;
  readonly completed?: string;
}

interface StatusWarning {
  readonly level: 1;
  /** Base64. */
  readonly short: string;
  readonly detail?: readonly string[];
  readonly url?: string;
  readonly sourceInfo?: { readonly filename: string };
  readonly range?: readonly { readonly start: { readonly line: number; readonly character: number }; readonly end: { readonly line: number; readonly character: number } }[];
}

/** Turns events into statuses; it remembers inputs and starts, which BuildKit repeats on every mention of a vertex. */
export class StatusTranslator {
  private readonly inputs = new Map<string, readonly string[]>();
  private readonly started = new Map<string, number>();

  translate(event: BuildEvent): SolveStatus | undefined {
    switch (event.type) {
      case 'graph':
        for (const vertex of event.vertices) this.inputs.set(vertex.digest, vertex.inputs);
        return { vertexes: event.vertices.map((vertex) => this.vertex(vertex.digest, vertex.note.name)) };
      case 'started':
        this.started.set(event.vertex, event.at);
        return { vertexes: [this.vertex(event.vertex, event.note.name)] };
      case 'cached':
        this.started.set(event.vertex, event.at);
        return { vertexes: [{ ...this.vertex(event.vertex, event.note.name), completed: time(event.at), cached: true }] };
      case 'missed':
      case 'step':
        return undefined;
      case 'log':
        return { logs: [{ vertex: event.vertex, stream: event.stream, data: event.data.toString('base64'), timestamp: time(event.at) }] };
      case 'progress':
        return { statuses: [this.progress(event)] };
      case 'done':
        return { vertexes: [{ ...this.ended(event.vertex, event.note.name, event.at, event.milliseconds), ...(event.error === undefined ? {} : { error: event.error }) }] };
      case 'export':
        return { vertexes: [this.exported(event)] };
      case 'warning':
        return { warnings: [warning(event.diagnostic)] };
    }
  }

  private vertex(digest: string, name: string): StatusVertex {
    const inputs = this.inputs.get(digest) ?? [];
    const started = this.started.get(digest);
    return { digest, ...(inputs.length === 0 ? {} : { inputs }), name, ...(started === undefined ? {} : { started: time(started) }) };
  }

  private ended(digest: string, name: string, at: number, milliseconds: number): StatusVertex {
    if (!this.started.has(digest)) this.started.set(digest, at - milliseconds);
    return { ...this.vertex(digest, name), completed: time(at) };
  }

  private progress({ vertex, at, progress }: BuildEvent & { type: 'progress' }): StatusProgress {
    const complete = progress.total !== undefined && progress.current >= progress.total;
    return {
      id: progress.label,
      vertex,
      name: progress.label,
      ...(progress.total === undefined ? {} : { total: progress.total }),
      current: progress.current,
      timestamp: time(at),
      started: time(this.started.get(vertex) ?? at),
      ...(complete ? { completed: time(at) } : {}),
    };
  }

  private exported({ name, at, state, milliseconds = 0 }: BuildEvent & { type: 'export' }): StatusVertex {
    // an export is no vertex of the graph; BuildKit gives it a digest all the same
    const digest = `sha256:${createHash('sha256').update(`export ${name}`).digest('hex')}`;
    if (state === 'done') return this.ended(digest, name, at, milliseconds);
    this.started.set(digest, at);
    return this.vertex(digest, name);
  }
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function warning({ code, message, hint, range, url }: Diagnostic): StatusWarning {
  const detail = hint === undefined ? {} : { detail: [base64(hint)] };
  const short = { level: 1 as const, short: base64(`${code}: ${message}`), ...(url === undefined ? {} : { url }) };
  if (range === undefined) return { ...short, ...detail };
  // BuildKit counts lines from 1 and characters from 0
  const place = (position: { line: number; column: number }) => ({ line: position.line, character: position.column - 1 });
  return { ...short, ...detail, sourceInfo: { filename: range.file }, range: [{ start: place(range.start), end: place(range.end) }] };
}
