import { StrakeError, type ErrorCode, type InstructionNode, type Platform, type ResolvedImage } from '@strake/api';
import { located } from './check-instructions';
import type { LowerOptions } from './lower-dockerfile';
import { originFlags, originRange } from './origin-flags';
import { parsePlatform } from './platform';
import { baseStageOf, type Stage } from './stages';
import { standInImage } from './stand-in-image';

/** What is wrong with the file or the build, wherever the images are. */
const FINAL: readonly ErrorCode[] = ['REFERENCE_INVALID', 'INVALID_FLAG', 'CANCELLED', 'PLUGIN_INVALID', 'INTERNAL', 'USAGE', 'CONFIG_INVALID'];

/** Finds the images of a lowering, each once. */
export class BaseImages {
  private readonly found = new Map<string, Promise<ResolvedImage>>();
  private readonly missing = new Set<string>();

  constructor(private readonly options: LowerOptions) {}

  /** Throws what `resolveImage` throws, at the instruction that asks. */
  async find(reference: string, platform: Platform, node: InstructionNode): Promise<ResolvedImage> {
    try {
      return await this.resolve(reference, platform);
    } catch (error) {
      const { onMissingImage } = this.options;
      if (onMissingImage !== undefined && error instanceof StrakeError && !FINAL.includes(error.code)) {
        if (!this.missing.has(reference)) onMissingImage(reference, error);
        this.missing.add(reference);
        return standInImage(reference, platform);
      }
      const [flag] = originFlags(node);
      if (flag !== undefined && error instanceof StrakeError) error.range ??= originRange(node, reference);
      return located(node, 'resolveImage', () => { throw error; }, flag === undefined ? reference : 'from');
    }
  }

  /** Starts finding the base image of a stage; whoever needs it gets its error. */
  prefetch(stage: Stage, stages: readonly Stage[]): void {
    if (this.isImage(stage, stages)) this.find(stage.start.base, this.platformOf(stage), stage.node).catch(() => undefined);
  }

  /** Refuses a base that can be no image's name, also of a stage that nothing needs. */
  checkName(stage: Stage, stages: readonly Stage[]): void {
    const { base } = stage.start;
    if (this.isImage(stage, stages) && !this.options.namedImages?.has(base)) located(stage.node, 'checkReference', () => this.options.checkReference?.(base), base);
  }

  private isImage(stage: Stage, stages: readonly Stage[]): boolean {
    const { start: { base }, replaced } = stage;
    if (base === 'scratch' || this.options.namedContexts.has(base)) return false;
    return replaced === true || baseStageOf(stage, stages) === undefined;
  }

  /** The platform that a stage asks for: its own, or the target's. */
  platformOf({ start, node }: Stage): Platform {
    const written = start.platform;
    return written === undefined ? this.options.platform : located(node, 'platform', () => parsePlatform(written), 'platform');
  }

  private resolve(reference: string, platform: Platform): Promise<ResolvedImage> {
    const key = JSON.stringify([reference, platform]);
    const found = this.found.get(key) ?? this.options.resolveImage(reference, platform);
    this.found.set(key, found);
    return found;
  }
}
