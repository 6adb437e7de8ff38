import { DockerfileError, StrakeError } from '@strake/api';
import type { Digest, InstructionNode, Lowered, LoweredOp, Op, Origin, ResolvedImage, SourceOp, SourceRange, StageView, VertexNote } from '@strake/api';
import { expandWord } from '../expand/expand-word';
import { proxyEnvironment } from './build-arguments';
import { escapeFor } from './escape-of';
import type { Lowering } from './lowering';
import { originRange } from './origin-flags';
import { inNamespace } from './cache-namespace';
import { placeOp } from './place-op';
import { variablesOf } from './stage-state';
import { stageByName, stageLabel, type Stage } from './stages';

/** Puts lowered ops of a stage into the graph: names of what they read become inputs. */
export class VertexLowerer {
  constructor(
    private readonly stage: Stage,
    private readonly lowering: Lowering,
  ) {}

  /**
   * One vertex of an instruction's ops on `parent`. Its note's name is yet to get its number. Linked ops get a vertex on
   * nothing, whose layer a second one puts on top of `parent`.
   */
  async add({ ops = [], link = false, reuse, attempts }: Pick<Lowered, 'ops' | 'link' | 'reuse' | 'attempts'>, parent: Digest | null, node: InstructionNode, view: StageView, note: VertexNote): Promise<Digest> {
    const inputs: Digest[] = [];
    const numberOf = async (origin: Origin): Promise<number> => {
      const digest = await this.origin(origin, node, view);
      if (!inputs.includes(digest)) inputs.push(digest);
      return inputs.indexOf(digest);
    };
    const placed: Op[] = [];
    for (const op of ops) placed.push(forPlatform(inNamespace(await placeOp(this.withModes(op), numberOf), this.lowering.options.buildArgs), note));
    const proxies = placed.some(({ type }) => type === 'exec') ? proxyEnvironment(this.lowering.options.buildArgs) : [];
    const wishes = { ...(reuse === undefined ? {} : { reuse }), ...(attempts === undefined ? {} : { attempts }) };
    if (!link || parent === null) return this.lowering.graph.add(placed, parent, inputs, note, proxies, wishes);
    const apart = this.lowering.graph.add(placed, null, inputs, { ...note, name: `[${stageLabel(this.stage)}] ${note.name}` }, proxies, wishes);
    return this.lowering.graph.add([{ type: 'merge', inputs: [0] }], parent, [apart], note);
  }

  /** One layer of all that `state` has changed since `before`, on `before`. */
  squash(before: Digest | null, state: Digest, note: VertexNote): Digest {
    return this.lowering.graph.add([{ type: 'merge', inputs: [0], squash: true }], before, [state], note);
  }

  /** The vertex of an image's tree. */
  image({ reference, platform }: ResolvedImage, note: VertexNote): Digest {
    return this.lowering.graph.add([{ type: 'source', scheme: 'image', reference, platform }], null, [], note);
  }

  /** Archives keep the modes that are in them. */
  private withModes(op: LoweredOp): LoweredOp {
    const { contextModes, namedContexts } = this.lowering.options;
    if (contextModes === undefined || op.type !== 'copy' || op.chmod !== undefined || op.unpack === true) return op;
    const isContext = op.from.kind === 'context' || (op.from.kind === 'named' && namedContexts.has(op.from.name));
    return isContext ? { ...op, chmod: contextModes } : op;
  }

  private async origin(origin: Origin, node: InstructionNode, view: StageView): Promise<Digest> {
    if (origin.kind === 'context') return this.context('', '[internal] load build context');
    if (origin.kind === 'source') return this.source(origin, `${origin.scheme} ${origin.reference}`, node);
    const range = originRange(node, origin.name);
    const name = this.nameOf(origin.name, range, view, node);
    if (this.lowering.options.namedContexts.has(name)) return this.context(name, `[context ${name}] load from client`);
    const other = this.stageNamed(name, range);
    if (other !== undefined) return this.stageRoot(other, name, range);
    if (name === 'scratch') return this.empty('scratch');
    const image = await this.lowering.images.find(name, this.lowering.options.platform, node);
    return this.image(image, { name: `FROM ${image.reference}`, stage: stageLabel(this.stage), range: node.range });
  }

  private context(reference: string, name: string): Digest {
    return this.source({ scheme: 'context', reference }, name);
  }

  private source({ scheme, reference, attributes }: Pick<SourceOp, 'scheme' | 'reference' | 'attributes'>, name: string, node?: InstructionNode): Digest {
    const op: SourceOp = { type: 'source', scheme, reference, ...(attributes === undefined ? {} : { attributes }) };
    return this.lowering.graph.add([op], null, [], { name, stage: stageLabel(this.stage), ...(node === undefined ? {} : { range: node.range }) });
  }

  /** What `--from` or a mount's `from` names, with the variables of the stage and the global build arguments. */
  private nameOf(written: string, range: SourceRange, { env }: StageView, node: InstructionNode): string {
    const variables = new Map([...this.lowering.globals, ...variablesOf(env)]);
    const name = at(range, () => expandWord(written, variables, { escape: escapeFor(node, this.lowering.file) }).value);
    if (name !== '') return name;
    const hint = 'declare the build argument with ARG, before FROM or in this stage, and give it a value';
    throw new DockerfileError('INVALID_FLAG', `${written} in from is empty`, { range, hint });
  }

  private stageNamed(name: string, range: SourceRange): Stage | undefined {
    const { stages } = this.lowering;
    const found = stageByName(stages, name);
    if (found !== undefined || !/^\d+$/.test(name)) return found;
    const numbered = stages[Number(name)];
    if (numbered !== undefined) return numbered;
    throw new DockerfileError('UNKNOWN_STAGE', `invalid stage index ${name}`, { range });
  }

  private async stageRoot(other: Stage, name: string, range: SourceRange): Promise<Digest> {
    if (other.index >= this.stage.index) {
      const message = `cannot copy from stage "${name}", it needs to be defined before current stage "${stageLabel(this.stage)}"`;
      throw new DockerfileError('INVALID_STAGE', message, { range });
    }
    const { state } = await this.lowering.stage(other);
    return state.root ?? this.empty(stageLabel(other));
  }

  /** A tree without files. */
  private empty(stage: string): Digest {
    return this.lowering.graph.add([], null, [], { name: `[${stage}] empty`, stage });
  }
}

/** An error without a place gets this one. */
function at<T>(range: SourceRange, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StrakeError) error.range ??= range;
    throw error;
  }
}

function forPlatform(op: Op, { platform }: VertexNote): Op {
  return op.type !== 'exec' || platform === undefined ? op : { ...op, platform };
}
