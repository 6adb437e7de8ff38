import { DockerfileError } from '@strake/api';
import type { Diagnostic, Digest, Dockerfile, GraphStage, InstructionNode } from '@strake/api';
import type { OnVariables } from '../expand/expand-arguments';
import { variableUses } from '../facts/variable-uses';
import { BaseImages } from './base-images';
import { unusedArguments, writtenArguments } from './build-arguments';
import { unmappedArguments } from './buildkit-arguments';
import { callInstruction } from './call-instruction';
import { checkStages } from './check-stages';
import { defaultBase } from './default-base';
import { escapeFor } from './escape-of';
import { globalArguments } from './global-arguments';
import type { GraphBuilder } from './graph-builder';
import { graphResult } from './graph-result';
import { graphStage } from './graph-stage';
import { graphInstruction } from './graph-step';
import type { LowerOptions } from './lower-dockerfile';
import type { LoweredStage, Lowering } from './lowering';
import type { LoweredPlatform } from './merge-lowered';
import { platformArguments } from './platform';
import { sourceDateEpoch } from './source-date-epoch';
import { withAliases } from './stage-aliases';
import { StageLowerer } from './stage-lowerer';
import { emptyState, viewOf } from './stage-state';
import { checkCycles, splitStages, stagesNeededBy, targetOf, writtenName, type Stage } from './stages';

/** Lowers one Dockerfile for one platform. Stages are lowered when first needed, so those that nothing needs never are. */
export class DockerfileLowerer implements Lowering {
  readonly images: BaseImages;
  readonly stages: readonly Stage[];
  readonly globals: ReadonlyMap<string, string>;
  readonly declared = new Set<string>();
  readonly required = new Set<Digest>();
  readonly options: LowerOptions;
  readonly epoch: number | undefined;
  private readonly lowered = new Map<Stage, Promise<LoweredStage>>();
  private readonly warnings: Diagnostic[];
  private readonly globalNodes: readonly InstructionNode[];

  constructor(
    readonly file: Dockerfile,
    options: LowerOptions,
    readonly graph: GraphBuilder,
    warnings: readonly Diagnostic[] = [],
  ) {
    // What a check rule is about is told by the rule.
    const told = new Set(options.registry.rules.map(({ definition }) => definition.name));
    this.warnings = [...file.warnings.filter(({ code }) => !told.has(code)), ...warnings];
    this.images = new BaseImages(options);
    const { globals, stages } = splitStages(file, (keyword) => options.registry.table.get(keyword)?.startsStage === true);
    const given = globalArguments(globals, options.target || writtenName(stages.at(-1)?.node) || 'default', file, options);
    this.epoch = sourceDateEpoch(options.buildArgs['SOURCE_DATE_EPOCH'] ?? given.get('SOURCE_DATE_EPOCH'), options);
    this.globals = given;
    this.options = this.epoch === undefined ? options : { ...options, now: new Date(this.epoch * 1000).toISOString().replace('.000Z', 'Z') };
    this.globalNodes = globals;
    this.stages = withAliases(stages.map(({ node, body }, index) => this.stageOf(node, body, index)), options.namedStages);
  }

  /** Starts finding the base images that the target needs. Throws UNKNOWN_STAGE, INVALID_STAGE. */
  prefetch(): void {
    checkStages(this);
    checkCycles(this.stages);
    const stages = this.options.allStages === true ? this.stages : stagesNeededBy(this.target(), this.stages);
    for (const stage of stages) this.images.prefetch(stage, this.stages);
  }

  async lower(): Promise<LoweredPlatform> {
    const { buildArgs, platform } = this.options;
    const wanted = this.target();
    this.options.facts?.target(wanted.index);
    if (this.options.allStages === true) for (const stage of this.stages) this.require((await this.stage(stage)).state.root);
    const lowered = await this.stage(wanted);
    const known = [...this.declared, ...platformArguments(platform, platform, '').keys()];
    const written = writtenArguments(this.file.instructions);
    const unused = unusedArguments(buildArgs, written, known);
    this.warnings.push(...unmappedArguments(buildArgs, new Set([...written, ...this.declared])));
    if (unused !== undefined) this.warnings.push(unused);
    const result = graphResult(lowered, this.options, this.epoch);
    const globals = this.globalNodes.map(graphInstruction);
    return { results: [result], required: [...this.required], stages: await this.graphStages(), globals, warnings: this.warnings };
  }

  private require(root: Digest | null): void {
    if (root !== null) this.required.add(root);
  }

  stage(stage: Stage): Promise<LoweredStage> {
    const running = this.lowered.get(stage) ?? new StageLowerer(stage, this).lower();
    this.lowered.set(stage, running);
    return running;
  }

  private target(): Stage {
    return targetOf(this.stages, this.options.target);
  }

  /** Every stage that was lowered. */
  private async graphStages(): Promise<readonly GraphStage[]> {
    const lowered = await Promise.all([...this.lowered].map(async ([stage, running]) => graphStage(stage, await running)));
    return lowered.sort((left, right) => left.index - right.index);
  }

  readonly warn: Lowering['warn'] = ({ code, message, hint }, range) => {
    this.warnings.push({ code, message, severity: 'warning', ...(hint === undefined ? {} : { hint }), ...(range === undefined ? {} : { range }) });
  };

  private stageOf(node: InstructionNode, body: readonly InstructionNode[], index: number): Stage {
    const { namedContexts, namedImages, namedStages, facts } = this.options;
    facts?.stage(index, node, body);
    const start = this.startOf(node, index);
    const { name } = start;
    facts?.stageFacts(index, { ...start, ...this.defaultBaseOf(node) });
    const other = name !== undefined && namedStages?.has(name) === true;
    if (name === undefined || !(other || namedContexts.has(name) || namedImages?.has(name))) return { index, node, body, start };
    facts?.stageFacts(index, { base: name, replaced: true });
    return other ? { index, node, body: [], start: { name, base: name } } : { index, node, body: [], start: { ...start, base: name }, replaced: true };
  }

  /** Only asked for by those who want facts: it expands every FROM once more. */
  private defaultBaseOf(node: InstructionNode): { readonly defaultBase?: string } {
    const { facts, ...options } = this.options;
    const base = facts === undefined ? undefined : defaultBase(node, this.globalNodes, this.file, options);
    return base === undefined ? {} : { defaultBase: base };
  }

  private startOf(node: InstructionNode, index: number): Stage['start'] {
    const escape = escapeFor(node, this.file);
    const view = viewOf({ index }, emptyState(this.options.platform), escape, this.options.network);
    const { registry, facts } = this.options;
    const onVariables: OnVariables = (names, range) => facts?.stageUse(index, variableUses(names, range, facts.known));
    const { stage } = callInstruction(node, this.globals, view, registry, escape, onVariables).lowered;
    if (stage !== undefined) return stage;
    throw new DockerfileError('INVALID_STAGE', `${node.keyword} started no stage`, { range: node.range });
  }
}
