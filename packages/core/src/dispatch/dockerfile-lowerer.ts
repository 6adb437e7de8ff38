import { DockerfileError } from '@strake/api';
import type { BuildGraph, Diagnostic, Dockerfile, GraphStage, InstructionNode, SourceRange } from '@strake/api';
import { BaseImages } from './base-images';
import { unusedArguments } from './build-arguments';
import { callInstruction } from './call-instruction';
import { globalArguments } from './global-arguments';
import { GraphBuilder } from './graph-builder';
import { graphResult } from './graph-result';
import { graphStage } from './graph-stage';
import { graphInstruction } from './graph-step';
import type { LowerOptions } from './lower-dockerfile';
import type { LoweredStage, Lowering } from './lowering';
import { platformArguments } from './platform';
import { StageLowerer } from './stage-lowerer';
import { emptyState, viewOf } from './stage-state';
import { checkCycles, splitStages, stagesNeededBy, targetOf, writtenName, type Stage } from './stages';

/** Lowers one Dockerfile. Stages are lowered when first needed, so those that nothing needs never are. */
export class DockerfileLowerer implements Lowering {
  readonly graph = new GraphBuilder();
  readonly images: BaseImages;
  readonly stages: readonly Stage[];
  readonly globals: ReadonlyMap<string, string>;
  readonly declared = new Set<string>();
  private readonly lowered = new Map<Stage, Promise<LoweredStage>>();
  private readonly warnings: Diagnostic[];
  /** What stands before the first stage. */
  private readonly before: readonly InstructionNode[];

  constructor(
    readonly file: Dockerfile,
    readonly options: LowerOptions,
  ) {
    this.warnings = [...file.warnings];
    this.images = new BaseImages(options);
    const { globals, stages } = splitStages(file, (keyword) => options.registry.table.get(keyword)?.startsStage === true);
    this.before = globals;
    this.globals = globalArguments(globals, options.target || writtenName(stages.at(-1)?.node) || 'default', file, options);
    this.stages = stages.map(({ node, body }, index) => this.stageOf(node, body, index));
  }

  async lower(): Promise<BuildGraph> {
    const { buildArgs, platform, target } = this.options;
    checkCycles(this.stages);
    const wanted = targetOf(this.stages, target);
    for (const stage of stagesNeededBy(wanted, this.stages)) this.images.prefetch(stage, this.stages);
    const lowered = await this.stage(wanted);
    const known = [...this.declared, ...platformArguments(platform, platform, '').keys()];
    const unused = unusedArguments(buildArgs, this.file.instructions, known);
    if (unused !== undefined) this.warnings.push(unused);
    const result = graphResult(lowered, this.options);
    return { vertices: this.graph.neededBy([result.root]), results: [result], stages: await this.graphStages(), globals: this.before.map(graphInstruction), warnings: this.warnings };
  }

  stage(stage: Stage): Promise<LoweredStage> {
    const running = this.lowered.get(stage) ?? new StageLowerer(stage, this).lower();
    this.lowered.set(stage, running);
    return running;
  }

  /** Every stage that was lowered. */
  private async graphStages(): Promise<readonly GraphStage[]> {
    const lowered = await Promise.all([...this.lowered].map(async ([stage, running]) => graphStage(stage, await running)));
    return lowered.sort((left, right) => left.index - right.index);
  }

  warn(warning: Pick<Diagnostic, 'code' | 'message' | 'hint'>, range?: SourceRange): void {
    this.warnings.push({ ...warning, severity: 'warning', ...(range === undefined ? {} : { range }) });
  }

  private stageOf(node: InstructionNode, body: readonly InstructionNode[], index: number): Stage {
    const { namedContexts, namedImages } = this.options;
    const start = this.startOf(node, index);
    const { name } = start;
    if (name === undefined || !(namedContexts.has(name) || namedImages?.has(name))) return { index, node, body, start };
    return { index, node, body: [], start: { ...start, base: name }, replaced: true };
  }

  private startOf(node: InstructionNode, index: number): Stage['start'] {
    const view = viewOf({ index }, emptyState(this.options.platform), this.file.escape, this.options.network);
    const { stage } = callInstruction(node, this.globals, view, this.options.registry, this.file.escape).lowered;
    if (stage !== undefined) return stage;
    throw new DockerfileError('INVALID_STAGE', `${node.keyword} started no stage`, { range: node.range });
  }
}
