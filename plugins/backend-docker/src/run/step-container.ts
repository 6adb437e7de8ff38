import type { EngineClient, LogSink } from '../engine';
import { notDirectory } from '../copy/conflict';
import { FileTarget } from '../copy/file-target';
import { isOfContainer } from '../settings/check-network';
import { AgentRelay } from './agent-relay';
import { INIT_PATH, INIT_RUNNING, initArchive } from './init-archive';
import { InitChannel, type InitProgram, type MadeBy } from './init-channel';
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
 * A container in which one step after the other is done, with no commit between them: files are put into it, programs are started by a first
 * process of ours, which also ends what they leave. It is started when the first program wants to run, and goes by itself when the connection to it ends.
 */
export class StepContainer {
  readonly id: string;
  readonly spec: StepSpec;
  readonly target: FileTarget;
  private readonly parts: StepContainerParts;
  private channel: InitChannel | undefined;

  private constructor(id: string, parts: StepContainerParts) {
    this.id = id;
    this.parts = parts;
    this.spec = parts.spec;
    this.target = new FileTarget({ containers: parts.client.containers, id, scratch: parts.scratch, isEmpty: parts.isEmpty, signal: parts.signal });
  }

  static async open(parts: StepContainerParts): Promise<StepContainer> {
    const { client, image, spec, labels, platform, signal } = parts;
    const config = {
      Image: image, Entrypoint: [INIT_PATH], Cmd: [], Env: [], User: '0', WorkingDir: '/', ...(isOfContainer(spec.host['NetworkMode']) ? {} : { Hostname: HOSTNAME }), Healthcheck: { Test: ['NONE'] }, Labels: labels,
      // An engine that ends, or finds it when it starts again, would wait ten seconds for a process that hears no other signal.
      StopSignal: 'SIGKILL',
      OpenStdin: true, StdinOnce: true, Tty: false, HostConfig: { ...spec.host, AutoRemove: true },
    };
    return new StepContainer(await client.containers.create(config, { signal, ...(platform === undefined ? {} : { platform }) }), parts);
  }

  /** Runs a program, in its directory, which is made where it is missing, and ends whatever it leaves running; the exit code. */
  async exec(program: InitProgram, privileged: boolean, log: LogSink, signal: AbortSignal): Promise<number> {
    const channel = await this.start(signal);
    try {
      const code = privileged ? undefined : await channel.run(program, log, signal);
      return code ?? (await this.engineExec(program, privileged, log, channel, signal));
    } finally {
      this.target.files.forget();
    }
  }

  /** Writes a file in the container's memory, below `/dev`, while it runs. */
  async writeMemory(path: string, content: Buffer, made: MadeBy, signal: AbortSignal): Promise<void> {
    if (await (await this.start(signal)).write(path, content, made, signal)) return;
    const numbers = [made.uid, made.gid, made.mode].map((number) => number.toString(8));
    await this.parts.client.containers.execWithInput(this.id, { Cmd: [INIT_RUNNING, 'write', path, ...numbers], User: '0' }, content, signal);
  }

  /** Listens on a socket of the container, for a program that runs, and carries what is said to an agent of this machine. Throws ENGINE_FAILED. */
  async listen(path: string, made: MadeBy, agent: string, signal: AbortSignal): Promise<AgentRelay> {
    await this.start(signal);
    const numbers = [made.uid, made.gid, made.mode].map((number) => number.toString(8));
    return AgentRelay.open(await this.parts.client.containers.execOpen(this.id, { Cmd: [INIT_RUNNING, 'agent', path, ...numbers], User: '0' }, signal), agent, signal);
  }

  /** Whether a program has run in it. Files are put only into one that was never started: newer engines leave files of their own in one that was. */
  get wasStarted(): boolean {
    return this.channel !== undefined;
  }

  /** Makes a directory and those above it in a container that runs. Throws INVALID_ARGUMENTS where a part of the path is no directory. */
  async makeDirectory(path: string, made: MadeBy, signal: AbortSignal): Promise<void> {
    if (!(await (await this.start(signal)).makeDirectory(path, made, signal))) throw notDirectory(path);
  }

  /** Makes an image of what is in it now; the image's ID. */
  async commit(signal: AbortSignal): Promise<string> {
    return this.parts.client.containers.commit(this.id, { pause: false }, signal);
  }

  /** Its first process, which is started when it does not run. */
  async start(signal: AbortSignal): Promise<InitChannel> {
    if (this.channel !== undefined) return this.channel;
    const { containers } = this.parts.client;
    await containers.putArchive(this.id, '/', initArchive(this.parts.architecture), { signal });
    const channel = new InitChannel(await containers.attach(this.id, signal), (error) => containers.lost(error, this.parts.signal));
    try {
      await containers.start(this.id, signal);
    } catch (error) {
      channel.close();
      throw error;
    }
    return (this.channel = channel);
  }

  /** What the first process does not do: programs with more rights than it has, users and programs that are not there. The engine says then what is wrong. */
  private async engineExec({ args, env, user, cwd }: InitProgram, privileged: boolean, log: LogSink, channel: InitChannel, signal: AbortSignal): Promise<number> {
    await this.makeDirectory(cwd, { uid: 0, gid: 0, mode: 0o755 }, signal);
    // A name without a value takes away what the engine would give.
    const unset = env.some((pair) => pair.startsWith('HOSTNAME=')) ? [] : ['HOSTNAME'];
    const spec = { Cmd: args, Env: [...env, ...unset], User: user, WorkingDir: cwd, ...(privileged ? { Privileged: true } : {}) };
    const code = await this.parts.client.containers.exec(this.id, spec, log, signal);
    await channel.endAll(signal);
    return code;
  }
}
