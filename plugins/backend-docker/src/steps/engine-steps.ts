import { formatPlatform, InternalError, OperatorError, type CopyInput, type CopyOp, type Digest, type Image, type ImageOptions, type SessionOptions, type SnapshotReference, type StageFollower, type StageToBuild, type StepImage, type StepImages } from '@strake/api';
import type { LocalContext, SentOptions } from '@strake/context';
import { hostPlatform } from '@strake/oci';
import type { EngineClient, EngineImage } from '../engine';
import type { StepSettings } from '../run/step-spec';
import { buildStage } from './build-stage';
import { stepImageOf } from './step-image';

/** What an engine's images of instructions are had with. */
export interface EngineStepParts {
  readonly client: EngineClient;
  readonly options: Pick<SessionOptions, 'contexts' | 'extraHosts' | 'keepContainers' | 'limits' | 'signal'>;
  readonly settings: Omit<StepSettings, 'extraHosts' | 'limits'>;
  /** The tree of an image as the session knows trees. */
  see(image: EngineImage): SnapshotReference;
  open(image: StepImage, options: ImageOptions): Promise<Image>;
}

/** How many images an engine is asked about at once. */
const TOGETHER = 8;

/** Images of instructions in an engine: those of `docker build` as well as those of strake, which has the engine's own builder make them. */
export class EngineSteps implements StepImages {
  private readonly parts: EngineStepParts;
  private readonly known = new Map<Digest, { readonly engine: EngineImage; readonly step: StepImage }>();
  private index: Promise<ReadonlyMap<string, readonly Digest[]>> | undefined;

  constructor(parts: EngineStepParts) {
    this.parts = parts;
  }

  async children(parent: Digest | null): Promise<readonly StepImage[]> {
    this.checkSettings();
    this.index ??= this.list();
    const ids = (await this.index).get(parent ?? '') ?? [];
    const images: StepImage[] = [];
    for (let at = 0; at < ids.length; at += TOGETHER) {
      const some = await Promise.all(ids.slice(at, at + TOGETHER).map((id) => this.read(id)));
      images.push(...some.filter((image) => image !== undefined));
    }
    return images;
  }

  async find(reference: string): Promise<StepImage | undefined> {
    this.checkSettings();
    // A base image is pinned by its ID.
    return (await this.read(reference)) ?? (reference.includes('@') ? this.read(reference.slice(reference.indexOf('@') + 1)) : undefined);
  }

  /** Those of a build context; what is in an engine's images the engine sums up itself. */
  async sums(op: CopyOp, input: CopyInput): Promise<readonly string[] | undefined> {
    return input.kind === 'context' ? this.context(input.name)?.sums(op, sentTo(this.parts.client.engine.version)) : undefined;
  }

  tree(image: StepImage): SnapshotReference {
    const known = this.known.get(image.id);
    if (known === undefined) throw new InternalError(`the image ${image.id} was never looked at`);
    return this.parts.see(known.engine);
  }

  async buildStage(stage: StageToBuild, follower: StageFollower): Promise<readonly StepImage[]> {
    const { client, options, settings: { network, isolation } } = this.parts;
    const parts = { client, sent: sentTo(client.engine.version), read: (id: string) => this.read(id), context: stage.copies.length === 0 ? undefined : this.context(''), extraHosts: options.extraHosts, limits: options.limits ?? {}, keepContainers: options.keepContainers === true, network, isolation, own: formatPlatform(hostPlatform()) };
    // What others have made meanwhile counts for the next stage.
    this.index = undefined;
    return buildStage(stage, follower, parts);
  }

  open(image: StepImage, options: ImageOptions): Promise<Image> {
    return this.parts.open(image, options);
  }

  /** The engine's own builder takes none, on Linux: this is asked before the first step. */
  private checkSettings(): void {
    const { securityOptions = [], allSystemPaths = false } = this.parts.settings;
    if (securityOptions.length === 0 && !allSystemPaths) return;
    throw new OperatorError('UNSUPPORTED', "the engine's own builder takes no security options", { hint: 'Without --cache classic they are possible.' });
  }

  private context(name: string): LocalContext | undefined {
    const context = this.parts.options.contexts.get(name);
    if (context === undefined || 'entries' in context) return context as LocalContext | undefined;
    throw new OperatorError('UNSUPPORTED', 'this backend reads contexts that are directories only');
  }

  private async list(): Promise<ReadonlyMap<string, readonly Digest[]>> {
    const children = new Map<string, Digest[]>();
    for (const { Id, ParentId } of await this.parts.client.images.list({ all: true })) children.set(ParentId, [...(children.get(ParentId) ?? []), Id]);
    return children;
  }

  /** An image never changes; only its parent can, and only by being one. */
  private async read(id: string): Promise<StepImage | undefined> {
    const known = this.known.get(id as Digest);
    if (known !== undefined) return known.step;
    const image = await this.parts.client.images.inspect(id, this.parts.options.signal);
    if (image === undefined) return undefined;
    const step = stepImageOf(image);
    this.known.set(step.id, { engine: image, step });
    return step;
  }
}

/** Sums are those of the tar that the client of the engine's own version sends: 1.43 is Docker 24's. */
function sentTo(version: string): SentOptions {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { typed: major === 1 && minor < 43 };
}
