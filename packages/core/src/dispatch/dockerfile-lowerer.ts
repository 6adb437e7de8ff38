import { CancelledError, DockerfileError } from '@strake/api';
import type { BuildGraph, ContainerConfig, Digest, Dockerfile, HistoryEntry, Instruction, InstructionNode, Lowered, LoweredOp, Op, Origin, Pair, Platform, ResolvedImage, StageView } from '@strake/api';
import { expandWord } from '../expand/expand-word';
import { parseDockerfile } from '../parser/parse-dockerfile';
import { applyConfigChange, changedFields } from './apply-config-change';
import { checkInstruction, definitionOf, located } from './check-instructions';
import { GraphBuilder } from './graph-builder';
import { instructionOf } from './instruction-of';
import type { LowerOptions } from './lower-dockerfile';
import { parsePlatform, platformArguments } from './platform';
import { proxyEnvironment, unusedArguments } from './build-arguments';
import { DEFAULT_PATH, variablesOf, viewOf, type StageState } from './stage-state';
import { checkCycles, splitStages, stageByName, stageLabel, stagesNeededBy, targetOf, type Stage } from './stages';

/** Lowers one Dockerfile. Stages are lowered when first needed, so those that nothing needs never are. */
export class DockerfileLowerer {
  private readonly graph = new GraphBuilder();
  private readonly images = new Map<string, Promise<ResolvedImage>>();
  private readonly lowered = new Map<Stage, Promise<{ readonly state: StageState; readonly image?: ResolvedImage }>>();
  private readonly warnings: BuildGraph['warnings'][number][] = [];
  private stages: readonly Stage[] = [];
  private globals: ReadonlyMap<string, string> = new Map();
  private readonly network: StageView['network'];

  constructor(
    private readonly file: Dockerfile,
    private readonly options: LowerOptions,
  ) {
    this.network = options.network ?? 'default';
    this.warnings.push(...file.warnings);
  }

  async lower(): Promise<BuildGraph> {
    const { registry, buildArgs, now, platform } = this.options;
    const parts = splitStages(this.file, (keyword) => registry.table.get(keyword)?.startsStage === true);
    const named = this.options.target || parts.stages.at(-1)?.node.text.match(/\sas\s+(\S+)$/i)?.[1]?.toLowerCase() || 'default';
    this.globals = this.globalArguments(parts.globals, named);
    this.stages = parts.stages.map(({ node, body }, index) => ({ index, node, body, start: this.startOf(node, index) }));
    checkCycles(this.stages);
    const target = targetOf(this.stages, this.options.target);
    for (const stage of stagesNeededBy(target, this.stages)) this.prefetch(stage);
    const { state, image } = await this.stage(target);
    const unused = unusedArguments(buildArgs, this.file.instructions, platformArguments(platform, platform, ''));
    if (unused !== undefined) this.warnings.push(unused);
    const vertices = this.graph.neededBy([state.root]);
    const labels = Object.keys(this.options.labels).length > 0 ? { Labels: { ...state.config.Labels, ...this.options.labels } } : {};
    const shape = image === undefined ? state.platform : { ...image.config, osVersion: image.config['os.version'] };
    const config = {
      created: now,
      ...(state.author === undefined ? {} : { author: state.author }),
      architecture: shape.architecture, os: shape.os,
      ...(shape.variant ? { variant: shape.variant } : {}), ...(shape.osVersion ? { 'os.version': shape.osVersion } : {}),
      config: { ...state.config, ...labels },
    };
    return { vertices, results: [{ platform: state.platform, root: state.root, config, history: state.history }], warnings: this.warnings };
  }

  private globalArguments(nodes: readonly InstructionNode[], target: string): ReadonlyMap<string, string> {
    const { platform, buildPlatform, buildArgs } = this.options;
    const globals = new Map(platformArguments(platform, buildPlatform, target));
    for (const name of globals.keys()) globals.set(name, buildArgs[name] ?? globals.get(name) ?? '');
    const nowhere = viewOf(NO_STAGE, this.emptyState(platform), this.file.escape, this.network);
    for (const node of nodes) {
      const { args = [] } = this.call(node, new Map(), nowhere).lowered;
      for (const { name, value } of args) {
        const given = buildArgs[name] ?? (value === undefined ? undefined : located(node.range, 'ARG', () => this.expand(value, globals)));
        if (given !== undefined) globals.set(name, given);
      }
    }
    return globals;
  }

  private startOf(node: InstructionNode, index: number): Stage['start'] {
    const view = viewOf({ ...NO_STAGE, index }, this.emptyState(this.options.platform), this.file.escape, this.network);
    const { stage } = this.call(node, this.globals, view).lowered;
    if (stage !== undefined) return stage;
    throw new DockerfileError('INVALID_STAGE', `${node.keyword} started no stage`, { range: node.range });
  }

  private stage(stage: Stage) {
    const running = this.lowered.get(stage) ?? this.lowerStage(stage);
    this.lowered.set(stage, running);
    return running;
  }

  private async lowerStage(stage: Stage): Promise<{ readonly state: StageState; readonly image?: ResolvedImage }> {
    const begun = await this.begin(stage);
    let state = begun.state;
    const view = viewOf(stage, state, this.file.escape, this.network);
    const triggers = this.options.registry.hooks.stageStart.call([], view);
    const config = Object.fromEntries(Object.entries(state.config).filter(([field]) => field !== 'OnBuild'));
    state = { ...state, config, changed: new Set() };
    for (const text of triggers) state = await this.instruction(this.trigger(text, stage), stage, state, 'ONBUILD ');
    for (const node of stage.body) state = await this.instruction(node, stage, state, '');
    return { ...begun, state };
  }

  private async begin(stage: Stage): Promise<{ readonly state: StageState; readonly image?: ResolvedImage }> {
    const { base, platform: written } = stage.start;
    const platform = written === undefined ? this.options.platform : located(stage.node.range, 'platform', () => parsePlatform(written));
    const before = stageByName(this.stages.slice(0, stage.index), base);
    if (before !== undefined) return this.stage(before);
    if (this.options.namedContexts.has(base)) throw new DockerfileError('UNSUPPORTED', `FROM the named context ${base} is not supported yet`, { range: stage.node.range });
    if (base === 'scratch') return { state: this.emptyState(platform) };
    const image = await this.image(base, platform, stage.node);
    const root = image.config.rootfs.diff_ids.length === 0 ? null : this.imageSource(image, stage, stage.node);
    const { config = {}, author, history = [] } = image.config;
    return { image, state: { ...this.emptyState(platform), root, history, config: withPath(config), ...(author ? { author } : {}) } };
  }

  /** Starts finding a base image; whoever needs it gets its error. */
  private prefetch(stage: Stage): void {
    const { base, platform: written } = stage.start;
    if (base === 'scratch' || this.options.namedContexts.has(base) || stageByName(this.stages.slice(0, stage.index), base)) return;
    const platform = written === undefined ? this.options.platform : located(stage.node.range, 'platform', () => parsePlatform(written));
    this.image(base, platform, stage.node).catch(() => undefined);
  }

  private image(reference: string, platform: Platform, node: InstructionNode): Promise<ResolvedImage> {
    const key = JSON.stringify([reference, platform]);
    const found = this.images.get(key) ?? this.options.resolveImage(reference, platform);
    this.images.set(key, found);
    return found.catch((error: unknown) => located(node.range, 'resolveImage', () => { throw error; }));
  }

  private imageSource(image: ResolvedImage, stage: Stage, node: InstructionNode): Digest {
    const op: Op = { type: 'source', scheme: 'image', reference: image.reference, platform: image.platform };
    return this.graph.add([op], null, [], { name: `[${stageLabel(stage)}] FROM ${image.reference}`, stage: stageLabel(stage), range: node.range });
  }

  private trigger(text: string, stage: Stage): InstructionNode {
    const { range } = stage.node;
    const { instructions } = parseDockerfile(text, { file: range.file, syntax: this.options.registry.syntax });
    const [node] = instructions;
    if (node === undefined || instructions.length !== 1) throw new DockerfileError('INVALID_ARGUMENTS', 'onbuild trigger should be a single expression', { range });
    const placed = { ...node, range, keywordRange: range, segments: [{ offset: 0, position: range.start }], flags: node.flags.map((flag) => ({ ...flag, range })) };
    checkInstruction(placed, this.options.registry, '\\');
    return placed;
  }

  private async instruction(node: InstructionNode, stage: Stage, state: StageState, prefix: string): Promise<StageState> {
    if (this.options.signal.aborted) throw new CancelledError();
    const view = viewOf(stage, state, this.file.escape, this.network);
    const { lowered, instruction } = this.call(node, variablesOf(view.env), view);
    for (const warning of lowered.warnings ?? []) this.warnings.push({ ...warning, severity: 'warning', range: node.range });
    const args = (lowered.args ?? []).reduce<readonly Pair[]>((known, pair) => [...known, this.argument(pair, { ...state, args: known }, stage, node)], state.args);
    const ops = lowered.ops ?? [];
    const root = ops.length === 0 ? state.root : await this.vertex(ops, stage, state, node, prefix);
    const change = lowered.config ?? {};
    const entry = this.history(lowered, instruction, args.slice(state.args.length));
    const author = change.author ?? state.author;
    return {
      ...state, root, args, config: applyConfigChange(state.config, change), changed: new Set([...state.changed, ...changedFields(change)]),
      history: entry === undefined ? state.history : [...state.history, entry], ...(author === undefined ? {} : { author }),
    };
  }

  private call(node: InstructionNode, env: ReadonlyMap<string, string>, view: StageView): { readonly lowered: Lowered; readonly instruction: Instruction } {
    const { registry } = this.options;
    return located(node.range, `lower ${node.keyword}`, () => {
      const instruction = instructionOf(node, definitionOf(node, registry), env, this.file.escape);
      registry.hooks.before.for(node.keyword).call(instruction, view);
      const lowered = registry.hooks.lower.for(node.keyword).call(instruction, view);
      return { instruction, lowered: registry.hooks.after.for(node.keyword).call(lowered, instruction, view) };
    });
  }

  private argument({ name, value }: Pair, state: StageState, stage: Stage, node: InstructionNode): Pair {
    const given = this.options.buildArgs[name];
    if (given !== undefined) return { name, value: given };
    const env = variablesOf(viewOf(stage, state, this.file.escape, this.network).env);
    const found = value === undefined ? this.globals.get(name) : located(node.range, 'ARG', () => this.expand(value, env));
    return found === undefined ? { name } : { name, value: found };
  }

  private expand(text: string, env: ReadonlyMap<string, string>): string {
    return expandWord(text, env, { escape: this.file.escape }).value;
  }

  private history(lowered: Lowered, instruction: Instruction, args: readonly Pair[]): HistoryEntry | undefined {
    if (lowered.history === null) return undefined;
    const ops = lowered.ops ?? [];
    const declared = lowered.args && `${instruction.keyword} ${args.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)).join(' ')}`;
    // As BuildKit: a working directory alone carries no mark.
    const mark = ops.some(({ type }) => type !== 'mkdir') ? ' # strake' : '';
    const text = `${lowered.history ?? declared ?? instruction.text}${mark}`;
    return { created: this.options.now, created_by: text, comment: 'strake.dockerfile.v0', ...(ops.length === 0 ? { empty_layer: true } : {}) };
  }

  private async vertex(ops: readonly LoweredOp[], stage: Stage, state: StageState, node: InstructionNode, prefix: string): Promise<Digest> {
    const inputs: Digest[] = [];
    const input = async (origin: Origin) => {
      const digest = await this.origin(origin, stage, node);
      if (!inputs.includes(digest)) inputs.push(digest);
      return inputs.indexOf(digest);
    };
    const placed: Op[] = [];
    for (const op of ops) {
      if (op.type === 'copy') {
        const { from, ...rest } = op;
        placed.push({ ...rest, input: await input(from) });
      } else if (op.type === 'merge') {
        const numbers: number[] = [];
        for (const from of op.from) numbers.push(await input(from));
        placed.push({ type: 'merge', inputs: numbers });
      } else placed.push(op);
    }
    const at = stage.body.indexOf(node) + 1;
    const step = at > 0 ? ` ${at + 1}/${stage.body.length + 1}` : '';
    const name = `[${stageLabel(stage)}${step}] ${prefix}${node.original.trim()}`;
    const proxies = placed.some(({ type }) => type === 'exec') ? proxyEnvironment(this.options.buildArgs, viewOf(stage, state, this.file.escape, this.network).env) : [];
    return this.graph.add(placed, state.root, inputs, { name, stage: stageLabel(stage), range: node.range }, proxies);
  }

  private async origin(origin: Origin, stage: Stage, node: InstructionNode): Promise<Digest> {
    const source = (scheme: string, reference: string) =>
      this.graph.add([{ type: 'source', scheme, reference }], null, [], { name: `[internal] ${scheme} ${reference}`.trim(), stage: stageLabel(stage) });
    if (origin.kind === 'context') return source('context', '');
    if (origin.kind === 'source') return source(origin.scheme, origin.reference);
    const name = located(node.range, '--from', () => this.expand(origin.name, this.globals));
    if (this.options.namedContexts.has(name)) return source('context', name);
    const other = stageByName(this.stages, name) ?? (/^\d+$/.test(name) ? this.stageAt(Number(name), node) : undefined);
    if (other === undefined) return this.imageSource(await this.image(name, this.options.platform, node), stage, node);
    if (other.index >= stage.index) {
      throw new DockerfileError('INVALID_STAGE', `cannot copy from stage "${name}", it needs to be defined before current stage "${stageLabel(stage)}"`, { range: node.range });
    }
    const { state } = await this.stage(other);
    if (state.root !== null) return state.root;
    return this.graph.add([], null, [], { name: `[${stageLabel(other)}] empty`, stage: stageLabel(other) });
  }

  private stageAt(index: number, node: InstructionNode): Stage {
    const stage = this.stages[index];
    if (stage !== undefined) return stage;
    throw new DockerfileError('UNKNOWN_STAGE', `invalid stage index ${index}`, { range: node.range });
  }

  private emptyState(platform: Platform): StageState {
    return { root: null, platform, config: { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' }, history: [], changed: new Set(), args: [] };
  }
}

const NO_POSITION = { line: 1, column: 1 };
const NO_RANGE = { file: '', start: NO_POSITION, end: NO_POSITION };
const NO_STAGE: Stage = {
  index: 0, start: { base: 'scratch' }, body: [],
  node: { keyword: '', written: '', flags: [], text: '', segments: [], heredocs: [], original: '', range: NO_RANGE, keywordRange: NO_RANGE, comments: [] },
};

function withPath(config: ContainerConfig): ContainerConfig {
  const env = config.Env ?? [];
  return env.some((entry) => entry.startsWith('PATH=')) ? config : { ...config, Env: [...env, `PATH=${DEFAULT_PATH}`] };
}
