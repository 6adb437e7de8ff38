import type { Duplex, Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { demultiplex } from './demultiplex';
import type { Engine } from './engine';
import { connectionError, EngineError, hasStatus } from './engine-errors';

/** `POST /containers/create`: the fields of a container's config, and `HostConfig`. The names are the API's. */
export type ContainerSpec = Readonly<Record<string, unknown>> & { readonly Image: string; readonly HostConfig?: Readonly<Record<string, unknown>> };

/** `GET /containers/json` */
export interface ContainerSummary {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: string;
}

/** What is at a path in a container: not followed where it is a link. */
export interface PathStat {
  readonly name: string;
  readonly size: number;
  /** Go's `os.FileMode`: directory is bit 31, symlink bit 27. */
  readonly mode: number;
  /** RFC 3339, nanoseconds. */
  readonly mtime: string;
  /** Where a link ends at last, inside the container. */
  readonly linkTarget: string;
}

/** Where a program's output goes. */
export type LogSink = (stream: 1 | 2, data: Buffer) => void;

/** A program for `exec`. */
export interface ExecSpec {
  readonly Cmd: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Privileged?: boolean;
}

/** What a commit is told. `Config` takes the place of the container's. */
export interface CommitOptions {
  readonly comment?: string;
  readonly author?: string;
  readonly Config?: Readonly<Record<string, unknown>>;
  readonly pause?: boolean;
}

/** How often the end of a program is asked for, and how many milliseconds lie between. */
const MOST_ASKED = 20;
const BETWEEN = 100;

/** Containers of an engine. All methods throw what `Engine.open` does. */
export class Containers {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  async create(spec: ContainerSpec, options: { readonly name?: string; readonly platform?: string; readonly signal?: AbortSignal } = {}): Promise<string> {
    const { name, platform, signal } = options;
    const { Id } = await this.engine.json<{ readonly Id: string }>({ what: 'create a container', method: 'POST', path: '/containers/create', query: { name, platform }, json: spec, ...given(signal) });
    return Id;
  }

  async start(id: string, signal?: AbortSignal): Promise<void> {
    await this.engine.bytes({ what: 'start a container', method: 'POST', path: `/containers/${id}/start`, ...given(signal) });
  }

  /** Ends it at once. Nothing happens to one that has ended or is gone. */
  async kill(id: string): Promise<void> {
    await ignoring([404, 409], this.engine.bytes({ what: 'end a container', method: 'POST', path: `/containers/${id}/kill` }));
  }

  /** Waits for its end; the exit code. */
  async wait(id: string, signal?: AbortSignal): Promise<number> {
    const { StatusCode } = await this.engine.json<{ readonly StatusCode: number }>({ what: 'wait for a container', method: 'POST', path: `/containers/${id}/wait`, ...given(signal) });
    return StatusCode;
  }

  /** Starts it and gives its output away while it runs; the exit code. Output is attached before the start, so that nothing is missed. */
  async run(id: string, log: LogSink, signal?: AbortSignal): Promise<number> {
    const query = { stream: 1, stdout: 1, stderr: 1 };
    const output = await this.engine.open({ what: 'attach to a container', method: 'POST', path: `/containers/${id}/attach`, query, ...given(signal) });
    const done = demultiplex(output, log).catch((error: unknown) => Promise.reject(this.lost(error, signal)));
    // A failure of the start comes first.
    done.catch(() => undefined);
    try {
      await this.start(id, signal);
    } catch (error) {
      output.destroy();
      throw error;
    }
    const code = await this.wait(id, signal);
    await done;
    return code;
  }

  /** Runs a program in a container that runs; the exit code. */
  async exec(id: string, spec: ExecSpec, log: LogSink, signal?: AbortSignal): Promise<number> {
    const json = { AttachStdout: true, AttachStderr: true, ...spec };
    const { Id } = await this.engine.json<{ readonly Id: string }>({ what: 'prepare a program', method: 'POST', path: `/containers/${id}/exec`, json, ...given(signal) });
    const output = await this.engine.open({ what: 'run a program', method: 'POST', path: `/exec/${Id}/start`, json: { Detach: false, Tty: false }, ...given(signal) });
    await demultiplex(output, log).catch((error: unknown) => Promise.reject(this.lost(error, signal)));
    return this.exitCode(Id, signal);
  }

  /** Runs a program that reads its input to the end; what it prints is dropped. Throws ENGINE_FAILED where it fails. */
  async execWithInput(id: string, spec: ExecSpec, input: Buffer, signal?: AbortSignal): Promise<void> {
    const { Id } = await this.engine.json<{ readonly Id: string }>({ what: 'prepare a program', method: 'POST', path: `/containers/${id}/exec`, json: { AttachStdin: true, AttachStdout: true, ...spec }, ...given(signal) });
    await this.engine.converse({ what: 'run a program', method: 'POST', path: `/exec/${Id}/start`, json: { Detach: false, Tty: false }, ...given(signal) }, input);
    const code = await this.exitCode(Id, signal);
    if (code !== 0) throw new EngineError(500, `run ${spec.Cmd.slice(0, 2).join(' ')}`, `exit code ${code}`);
  }

  /** Runs a program, and answers the connection to it: write what it reads, read frames of what it says. It is for the caller to end it. */
  async execOpen(id: string, spec: ExecSpec, signal?: AbortSignal): Promise<Duplex> {
    const { Id } = await this.engine.json<{ readonly Id: string }>({ what: 'prepare a program', method: 'POST', path: `/containers/${id}/exec`, json: { AttachStdin: true, AttachStdout: true, AttachStderr: true, ...spec }, ...given(signal) });
    return this.engine.upgrade({ what: 'run a program', method: 'POST', path: `/exec/${Id}/start`, json: { Detach: false, Tty: false }, ...given(signal) });
  }

  /** How a program ended whose output has ended. The engine may notice the end a moment later; a program that runs on has lost its connection. */
  private async exitCode(exec: string, signal?: AbortSignal): Promise<number> {
    for (let asked = 0; asked < MOST_ASKED; asked += 1) {
      if (asked > 0) await setTimeout(BETWEEN, undefined, given(signal)).catch((error: unknown) => Promise.reject(this.lost(error, signal)));
      const { ExitCode, Running } = await this.engine.json<{ readonly ExitCode: number | null; readonly Running: boolean }>({ what: 'ask how a program ended', method: 'GET', path: `/exec/${exec}/json`, ...given(signal) });
      if (ExitCode !== null && !Running) return ExitCode;
    }
    throw this.lost(undefined, signal);
  }

  /** The input and the outputs of its first process, from before it starts: write what it reads, read frames of what it says. */
  attach(id: string, signal?: AbortSignal): Promise<Duplex> {
    return this.engine.upgrade({ what: 'attach to a container', method: 'POST', path: `/containers/${id}/attach`, query: { stream: 1, stdin: 1, stdout: 1, stderr: 1 }, ...given(signal) });
  }

  /** What the end of a connection to a container means. */
  lost(error: unknown, signal?: AbortSignal): Error {
    return connectionError(error ?? new Error('the engine closed the connection'), this.engine.address, signal);
  }

  /** Makes an image of what it has written; the image's ID. */
  async commit(id: string, { Config, ...query }: CommitOptions = {}, signal?: AbortSignal): Promise<string> {
    const { Id } = await this.engine.json<{ readonly Id: string }>({ what: 'commit a container', method: 'POST', path: '/commit', query: { container: id, ...query }, json: Config ?? {}, ...given(signal) });
    return Id;
  }

  /** Undefined where nothing is. */
  async stat(id: string, path: string, signal?: AbortSignal): Promise<PathStat | undefined> {
    try {
      const response = await this.engine.open({ what: `look at ${path}`, method: 'HEAD', path: `/containers/${id}/archive`, query: { path }, ...given(signal) });
      response.resume();
      return JSON.parse(Buffer.from(String(response.headers['x-docker-container-path-stat']), 'base64').toString()) as PathStat;
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** A file or a tree as a tar; its names begin with the last part of `path`. */
  archive(id: string, path: string, signal?: AbortSignal): Promise<Readable> {
    return this.engine.open({ what: `read ${path}`, method: 'GET', path: `/containers/${id}/archive`, query: { path }, ...given(signal) });
  }

  /** Unpacks a tar in an existing directory. Without `replace` a directory never gives way to something else, nor the other way round. */
  async putArchive(id: string, path: string, tar: Readable | Buffer, options: { readonly replace?: boolean; readonly signal?: AbortSignal } = {}): Promise<void> {
    const { replace = false, signal } = options;
    const headers = { 'Content-Type': 'application/x-tar' };
    const query = { path, ...(replace ? {} : { noOverwriteDirNonDir: 1 }) };
    await this.engine.bytes({ what: `write into ${path}`, method: 'PUT', path: `/containers/${id}/archive`, query, file: tar, headers, ...given(signal) });
  }

  /** With its anonymous volumes, running or not, and waits until it is gone. Nothing happens when it is. */
  async remove(id: string): Promise<void> {
    try {
      await this.engine.bytes({ what: 'remove a container', method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true } });
    } catch (error) {
      if (!hasStatus(error, 404, 409)) throw error;
      // One that goes by itself is on its way.
      if (error.status === 409) await ignoring([404, 409], this.engine.bytes({ what: 'wait for the end of a container', method: 'POST', path: `/containers/${id}/wait`, query: { condition: 'removed' } }));
    }
  }

  /** All that have a label, running or not. */
  async list(label: string): Promise<readonly ContainerSummary[]> {
    return this.engine.json({ what: 'list containers', method: 'GET', path: '/containers/json', query: { all: true, filters: JSON.stringify({ label: [label] }) } });
  }
}

const given = (signal: AbortSignal | undefined): { readonly signal?: AbortSignal } => (signal === undefined ? {} : { signal });

async function ignoring(statuses: readonly number[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!hasStatus(error, ...statuses)) throw error;
  }
}
