import type { EngineClient, ExecSpec, LogSink } from '../engine';
import { notDirectory } from '../copy/conflict';
import { FileTarget } from '../copy/file-target';
import { INIT_PATH, INIT_RUNNING, initArchive } from './init-archive';
import type { StepSpec } from './step-spec';

/** What a container for steps is made of. */
export interface StepContainerParts {
  readonly client: EngineClient;
  /** The ID of the image that it begins with. */
  readonly image: string;
  readonly architecture: string;
  readonly spec: StepSpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly scratch: string;
  /** Nothing is in its image. */
  readonly isEmpty: boolean;
  readonly platform?: string;
  readonly signal: AbortSignal;
}

/** Of all programs of steps. */
export const HOSTNAME = 'strake';

/**
 * A container in which one step after the other is done, with no commit between them: files are put into it, programs run beside a first
 * process that only waits. It is started when the first program wants to run.
 */
export class StepContainer {
  readonly id: string;
  readonly spec: StepSpec;
  readonly target: FileTarget;
  private readonly parts: StepContainerParts;
  private started = false;
  private ended = false;
  private readonly workingDirectories = new Set<string>();

  private constructor(id: string, parts: StepContainerParts) {
    this.id = id;
    this.parts = parts;
    this.spec = parts.spec;
    this.target = new FileTarget({ containers: parts.client.containers, id, scratch: parts.scratch, isEmpty: parts.isEmpty, signal: parts.signal });
  }

  static async open(parts: StepContainerParts): Promise<StepContainer> {
    const { client, image, spec, labels, platform, signal } = parts;
    const config = {
      Image: image, Entrypoint: [INIT_PATH], Cmd: [], Env: [], User: '0', WorkingDir: '/', Hostname: HOSTNAME, Healthcheck: { Test: ['NONE'] }, Labels: labels,
      AttachStdin: false, OpenStdin: false, Tty: false, HostConfig: spec.host,
    };
    return new StepContainer(await client.containers.create(config, { signal, ...(platform === undefined ? {} : { platform }) }), parts);
  }

  /** Runs a program and ends whatever it leaves running; the exit code. */
  async exec(spec: ExecSpec, log: LogSink, signal: AbortSignal): Promise<number> {
    await this.start(signal);
    const { containers } = this.parts.client;
    const code = await containers.exec(this.id, spec, log, signal);
    this.target.files.forget();
    await this.endLeftovers(signal);
    return code;
  }

  /** Writes a file in the container's memory, below `/dev`, while it runs. */
  async writeMemory(path: string, content: Buffer, { uid, gid, mode }: { readonly uid: number; readonly gid: number; readonly mode: number }, signal: AbortSignal): Promise<void> {
    await this.start(signal);
    const numbers = [uid, gid, mode].map((number) => number.toString(8));
    await this.parts.client.containers.execWithInput(this.id, { Cmd: [INIT_RUNNING, 'write', path, ...numbers], User: '0' }, content, signal);
  }

  /** Whether a program has run in it. Files are put only into one that was never started: newer engines leave files of their own in one that was. */
  get wasStarted(): boolean {
    return this.started;
  }

  /** Whether it was ended to end what a program left running: the next step needs another. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** Makes a directory and those above it in a container that runs. Throws INVALID_ARGUMENTS where a part of the path is no directory. */
  async makeDirectory(path: string, { uid, gid, mode }: { readonly uid: number; readonly gid: number; readonly mode: number }, signal: AbortSignal): Promise<void> {
    await this.start(signal);
    const numbers = [uid, gid, mode].map((number) => number.toString(8));
    const code = await this.parts.client.containers.exec(this.id, { Cmd: [INIT_RUNNING, 'mkdir', path, ...numbers], User: '0' }, () => undefined, signal);
    if (code !== 0) throw notDirectory(path);
    this.workingDirectories.add(path);
  }

  /** A directory is there. */
  knowDirectory(path: string): void {
    this.workingDirectories.add(path);
  }

  /** Makes a working directory that no step is known to have made; those that are there are asked for once. */
  async makeDirectoryIfNew(path: string, signal: AbortSignal): Promise<void> {
    if (this.workingDirectories.has(path)) return;
    this.workingDirectories.add(path);
    await this.makeDirectory(path, { uid: 0, gid: 0, mode: 0o755 }, signal);
  }

  /** Removes files and empty directories. */
  async removeEntries(paths: readonly string[], signal: AbortSignal): Promise<void> {
    if (paths.length === 0) return;
    await this.start(signal);
    await this.parts.client.containers.exec(this.id, { Cmd: [INIT_RUNNING, 'rm', ...paths], User: '0' }, () => undefined, signal);
    this.target.files.forget();
  }

  /** Makes an image of what is in it now; the image's ID. */
  async commit(signal: AbortSignal): Promise<string> {
    return this.parts.client.containers.commit(this.id, { pause: false }, signal);
  }

  async remove(): Promise<void> {
    await this.parts.client.containers.remove(this.id);
  }

  private async start(signal: AbortSignal): Promise<void> {
    if (this.started) return;
    const { containers } = this.parts.client;
    await containers.putArchive(this.id, '/', initArchive(this.parts.architecture), { signal });
    await containers.start(this.id, signal);
    this.started = true;
  }

  /** A step is over when its program is, as in a container of its own: what still runs ends, and the container is fresh for the next. */
  private async endLeftovers(signal: AbortSignal): Promise<void> {
    const { containers } = this.parts.client;
    // One that has just ended may be counted for a moment.
    for (let times = 0; times < 3; times += 1) if (((await containers.processes(this.id)) ?? 1) <= 1) return;
    await containers.kill(this.id);
    await containers.wait(this.id, signal);
    this.ended = true;
  }
}
