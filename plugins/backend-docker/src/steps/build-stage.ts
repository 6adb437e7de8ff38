import { Readable } from 'node:stream';
import { CancelledError, formatPlatform, InternalError, StepFailedError, type Digest, type ResourceLimits, type StageFollower, type StageToBuild, type StepImage } from '@strake/api';
import type { LocalContext, SentOptions } from '@strake/context';
import { EngineError, type EngineClient } from '../engine';
import { hostPair } from '../settings/extra-hosts';
import { contextTar } from './context-tar';
import { placeDockerfile } from './place-dockerfile';
import { readLine, type BuildMessage } from './stage-messages';

/** What a stage is built with. */
export interface StageBuildParts {
  readonly client: EngineClient;
  /** An image by its ID, or the beginning of it. */
  read(id: string): Promise<StepImage | undefined>;
  readonly context: LocalContext | undefined;
  /** In what form a context is sent. */
  readonly sent: SentOptions;
  readonly extraHosts: readonly string[];
  readonly limits: ResourceLimits;
  readonly keepContainers: boolean;
  /** What the network `default` is. */
  readonly network: string | undefined;
  readonly isolation: string | undefined;
  /** The platform that the engine builds for when it is told none. */
  readonly own: string;
}

/** Has the engine's own builder build a stage; the images of its steps, in order. Throws STEP_FAILED, ENGINE_FAILED, CANCELLED. */
export async function buildStage(stage: StageToBuild, follower: StageFollower, parts: StageBuildParts): Promise<readonly StepImage[]> {
  const { client: { engine } } = parts;
  const watcher = new StageWatcher(stage, follower, async (id) => (await parts.read(id)) ?? lost(id));
  const place = placeDockerfile(stage.dockerfile, parts.context);
  const request = {
    what: 'build a stage', method: 'POST', path: '/build', query: queryOf(stage, place.name, parts),
    file: Readable.from(contextTar(parts.context?.entries(parts.sent), place.added), { objectMode: false }), headers: { 'Content-Type': 'application/x-tar' }, signal: follower.signal,
  } as const;
  try {
    for await (const message of engine.messages<BuildMessage>(request)) await watcher.take(message);
  } catch (error) {
    const failure = failureOf(error, follower.signal);
    watcher.failed(failure);
    throw failure;
  }
  return watcher.end();
}

function lost(id: string): never {
  throw new InternalError(`the engine has lost the image ${id} that it has just built`);
}

function queryOf({ noCache, cacheFrom, network, buildArgs, platform }: StageToBuild, dockerfile: string, { extraHosts, limits, keepContainers, own, network: ownNetwork = 'default', isolation }: StageBuildParts): Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> {
  const { memory, memorySwap, cpuShares, cpuPeriod, cpuQuota, cpusetCpus, cpusetMems, cgroupParent, shmSize, ulimits } = limits;
  const wanted = formatPlatform(platform);
  return {
    version: 1, rm: !keepContainers, forcerm: !keepContainers, dockerfile,
    nocache: noCache, networkmode: network === 'default' ? ownNetwork : network, isolation, buildargs: JSON.stringify(buildArgs),
    cachefrom: cacheFrom.length === 0 ? undefined : JSON.stringify(cacheFrom),
    extrahosts: extraHosts.map(hostPair),
    platform: wanted === own ? undefined : wanted,
    memory, memswap: memorySwap, cpushares: cpuShares, cpuperiod: cpuPeriod, cpuquota: cpuQuota, cpusetcpus: cpusetCpus, cpusetmems: cpusetMems, cgroupparent: cgroupParent, shmsize: shmSize,
    ulimits: ulimits === undefined ? undefined : JSON.stringify(ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard }))),
  };
}

/** A program that failed is the Dockerfile's author's; everything else the engine's. */
function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new CancelledError({ cause: error });
  const failed = error instanceof EngineError ? /The command '([^]*)' returned a non-zero code: (\d+)/.exec(error.said) : null;
  return failed === null ? error : new StepFailedError([failed[1] ?? ''], Number(failed[2]), { cause: error });
}

/** Follows a build by what the engine's builder prints. */
class StageWatcher {
  private readonly stage: StageToBuild;
  private readonly follower: StageFollower;
  private readonly read: (id: string) => Promise<StepImage>;
  private readonly globals: number;
  /** -1 is FROM, in which triggers run. */
  private line = -1;
  private begun = false;
  private cached = false;
  /** COPY and ADD have no container to be told of: they begin when they end. */
  private announced = true;
  private triggersFound = 0;
  private triggersSeen = 0;
  private image: StepImage | undefined;

  constructor(stage: StageToBuild, follower: StageFollower, read: (id: string) => Promise<StepImage>) {
    this.stage = stage;
    this.follower = follower;
    this.read = read;
    this.globals = stage.dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length - stage.lines - 1;
  }

  async take({ stream }: BuildMessage): Promise<void> {
    if (stream === undefined) return;
    const line = readLine(stream);
    if (line.kind === 'step') this.enter(line.number);
    else if (line.kind === 'cached') this.found();
    else if (line.kind === 'container') this.start();
    else if (line.kind === 'image') await this.leave(line.id);
    else if (line.kind === 'output' && this.begun) this.follower.log(this.step(), line.stream, Buffer.from(line.text));
  }

  failed(error: unknown): void {
    this.follower.failed(Math.max(0, this.step()), error);
  }

  /** By what each was made on: the steps' images are as many as the steps. */
  async end(): Promise<readonly StepImage[]> {
    if (this.image === undefined) throw new InternalError('the engine told of no image');
    return this.chain(this.image, this.stage.triggers + this.stage.lines);
  }

  private step(): number {
    return this.line < 0 ? Math.max(0, this.triggersSeen - 1) : this.stage.triggers + this.line;
  }

  private enter(number: number): void {
    this.line = number - this.globals - 2;
    this.begun = false;
    this.cached = false;
    this.announced = this.line < 0;
  }

  private found(): void {
    this.cached = true;
    if (this.line >= 0) return;
    this.triggersSeen += 1;
    this.triggersFound += 1;
  }

  private start(): void {
    this.begun = true;
    if (this.line < 0) this.triggersSeen += 1;
    this.follower.started(this.step());
    this.announced = true;
  }

  private async leave(id: string): Promise<void> {
    if (this.line < 0 && this.stage.triggers === 0) return;
    this.image = await this.read(id);
    this.begun = false;
    if (this.line >= 0) {
      if (!this.announced && !this.cached) this.follower.started(this.step());
      this.follower.done(this.step(), this.image, this.cached);
      return;
    }
    for (const [at, image] of (await this.chain(this.image, this.stage.triggers)).entries()) this.follower.done(at, image, at < this.triggersFound);
  }

  private async chain(last: StepImage, length: number): Promise<readonly StepImage[]> {
    const found: StepImage[] = [last];
    while (found.length < length) {
      const parent: Digest | undefined = found[0]?.parent;
      if (parent === undefined) throw new InternalError('the engine has fewer images than the stage has steps');
      found.unshift(await this.read(parent));
    }
    return found.slice(found.length - length);
  }
}
