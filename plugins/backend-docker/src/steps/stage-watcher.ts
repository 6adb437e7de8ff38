import { InternalError, type Digest, type StageFollower, type StageToBuild, type StepImage } from '@strake/api';
import { readLine, type BuildMessage } from './stage-messages';

/** Follows a build by what the engine's builder prints. */
export class StageWatcher {
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
