import { CancelledError } from '@strake/api';
import type { DeclaredArgument, Digest, Dockerfile, InstructionNode, Lowered, Pair, Platform, ResolvedImage, StageView, VariableUse, VertexNote } from '@strake/api';
import type { ExpandedNames } from '../expand/expand-word';
import { variableUses } from '../facts/variable-uses';
import { applyConfigChange, changedFields } from './apply-config-change';
import { argumentValue } from './argument-value';
import { callInstruction } from './call-instruction';
import { declaredArgument } from './declared-argument';
import { escapeFor } from './escape-of';
import { graphStep } from './graph-step';
import { historyEntry } from './history-entry';
import type { LoweredStage, Lowering } from './lowering';
import { atTrigger, triggerNode, TRIGGER_ESCAPE } from './onbuild-trigger';
import { emptyState, isEnvironment, setVariables, variablesOf, viewOf, withConfig, type StageState } from './stage-state';
import { formatPlatform } from './platform';
import { shownPlatform } from './shown-platform';
import { isStandIn } from './stand-in-image';
import { StepNames, stepText } from './step-names';
import { beginRange, endRange, refuseOpenRange } from './squash-range';
import { baseStageOf, isNamedInSteps, stageLabel, stagesBefore, type Stage } from './stages';
import { VertexLowerer } from './vertex-lowerer';

/** Lowers one stage, instruction by instruction. */
export class StageLowerer {
  private readonly vertices: VertexLowerer;
  private readonly names: StepNames;
  private readonly directives: StageView['directives'];
  /** States that the stage's first vertex is to come after. */
  private earlier: Digest[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly lowering: Lowering,
  ) {
    this.vertices = new VertexLowerer(stage, lowering);
    this.directives = directiveValues(lowering.file);
    this.names = new StepNames(lowering.graph, isNamedInSteps(lowering.stages) ? stageLabel(stage) : '');
  }

  async lower(): Promise<LoweredStage> {
    const { registry } = this.lowering.options;
    for (const earlier of stagesBefore(this.stage, this.lowering.stages)) {
      const { root } = (await this.lowering.stage(earlier)).state;
      if (root === null) continue;
      this.earlier.push(root);
      this.lowering.required.add(root);
    }
    const begun = await this.begin();
    this.lowering.options.facts?.stageFacts(this.stage.index, { lowered: true });
    const triggers = registry.hooks.stageStart.call([], this.view(begun.state));
    let state = withoutTriggers(begun.state);
    for (const text of triggers) {
      state = await atTrigger(text, this.stage, () => this.instruction(this.trigger(text), state, 'ONBUILD '));
    }
    for (const node of this.stage.body) state = await this.instruction(node, state, '');
    refuseOpenRange(state);
    this.names.finish();
    return { ...begun, state, base: begun.state.root };
  }

  private trigger(text: string): InstructionNode {
    const { lowering, stage } = this;
    return triggerNode(text, stage, lowering.options.registry, (warning) => lowering.warn(warning, stage.node.range));
  }

  private async begin(): Promise<Omit<LoweredStage, 'base'>> {
    const { stages, images, options } = this.lowering;
    const { start: { base }, node } = this.stage;
    const before = baseStageOf(this.stage, stages);
    if (before !== undefined) {
      options.facts?.stageFacts(this.stage.index, { parent: before.index });
      const { state, image } = await this.lowering.stage(before);
      return { ...(image === undefined ? {} : { image }), state: withConfig(options.ownArguments === true ? { ...state, args: [], env: [] } : state, state.config) };
    }
    if (options.namedContexts.has(base)) return { state: await this.directory(base) };
    // Nothing is of every platform: the stage's own says nothing here.
    if (base === 'scratch') return { state: emptyState(options.platform) };
    const platform = images.platformOf(this.stage);
    const image = await images.find(base, platform, node);
    options.facts?.stageFacts(this.stage.index, { image: { reference: base, platform, ...(isStandIn(image) ? {} : { config: image.config }) } });
    const { config = {}, author, history = [], rootfs } = image.config;
    const root = rootfs.diff_ids.length === 0 ? null : this.from(image, platform, node);
    const empty = { ...emptyState(platform), root, history, ...(author ? { author } : {}) };
    return { image, started: image, state: withConfig({ ...empty, env: [] }, config) };
  }

  /** A stage that starts with the files of a named build context. */
  private async directory(name: string): Promise<StageState> {
    const { node } = this.stage;
    const state = emptyState(this.lowering.options.platform);
    const note = this.note(`FROM ${name}`, node, state.platform);
    const copy = { type: 'copy' as const, from: { kind: 'named' as const, name }, sources: ['.'], destination: '/' };
    const root = await this.vertices.add({ ops: [copy] }, null, node, this.view(state), note);
    this.names.add(root, note);
    const { now } = this.lowering.options;
    const entry = { ...(now === undefined ? {} : { created: now }), created_by: `FROM ${name}`, comment: 'strake.dockerfile.v0' };
    return { ...state, root, history: [entry] };
  }

  private async instruction(node: InstructionNode, state: StageState, prefix: string): Promise<StageState> {
    const { options, file } = this.lowering;
    if (options.signal.aborted) throw new CancelledError();
    const escape = escapeFor(node, file);
    const variables: VariableUse[] = [];
    const declares: DeclaredArgument[] = [];
    // What plugins expand themselves counts as well.
    const view: StageView = this.view(state, node, (names) => variables.push(...variableUses(names, node.range, view.declared)));
    const { lowered, instruction } = callInstruction(node, variablesOf(state.env), view, options.registry, escape, (names, range) => {
      variables.push(...variableUses(names, range, view.declared));
    }, prefix === '' ? escape : TRIGGER_ESCAPE);
    for (const warning of lowered.warnings ?? []) this.lowering.warn(warning, node.range);
    const declared = this.declare(lowered.args ?? [], state, node, (argument, uses) => {
      declares.push(argument);
      variables.push(...uses);
    });
    options.facts?.instruction(this.stage.index, { node, instruction, view, lowered, variables: [...variables], declares, ...(prefix === '' ? {} : { trigger: true }) });
    const root = lowered.squash === 'end' ? this.squashed(state, node, prefix) : await this.vertex(lowered, state, node, view, prefix);
    const change = lowered.config ?? {};
    const entry = historyEntry(lowered, instruction, declared.args.slice(state.args.length), { created: options.now, layer: root !== state.root });
    const author = change.author ?? state.author;
    const config = applyConfigChange(state.config, change);
    const next = {
      ...declared, root,
      env: setVariables(declared.env, change.env ?? []),
      config,
      steps: [...state.steps, graphStep({ node, root, config, entry, prefix })],
      changed: new Set([...state.changed, ...changedFields(change)]),
      history: entry === undefined ? state.history : [...state.history, entry],
      ...(author === undefined ? {} : { author }),
    };
    if (lowered.squash === undefined) return next;
    return lowered.squash === 'begin' ? beginRange(next, node) : endRange(next, node);
  }

  /** One layer of what the range that ends here has changed; the state as it is where it changed nothing. */
  private squashed(state: StageState, node: InstructionNode, prefix: string): Digest | null {
    const { range, root } = state;
    if (range === undefined || root === null || root === range.root) return root;
    const note = this.note(`${prefix}${node.original.trim()}`, node, state.platform);
    const digest = this.vertices.squash(range.root, root, note);
    this.names.add(digest, note);
    return digest;
  }

  /** The state after build arguments are declared, one after the other: each sees those before it. */
  private declare(pairs: readonly Pair[], state: StageState, node: InstructionNode, tell: (argument: DeclaredArgument, uses: readonly VariableUse[]) => void): StageState {
    return pairs.reduce((known, pair) => {
      this.lowering.declared.add(pair.name);
      const found = argumentValue(pair, known.env, node, this.lowering);
      const value = found?.value;
      tell(
        declaredArgument({ name: pair.name, node }, found, found?.from ?? 'default'),
        found === undefined ? [] : variableUses(found, node.range, known.args.map(({ name }) => name)),
      );
      const args = [...known.args, value === undefined ? { name: pair.name } : { name: pair.name, value }];
      const env = value === undefined || !isEnvironment(pair.name) ? known.env : setVariables(known.env, [{ name: pair.name, value }]);
      return { ...known, args, env };
    }, state);
  }

  private async vertex(lowered: Lowered, state: StageState, node: InstructionNode, view: StageView, prefix: string): Promise<Digest | null> {
    if (lowered.ops === undefined || lowered.ops.length === 0) return state.root;
    const text = `${prefix}${stepText(node, this.lowering.options.registry.table.get(node.keyword), view, escapeFor(node, this.lowering.file))}`;
    const note = { ...this.note(text, node, state.platform), ...argumentsOf(lowered, state) };
    const digest = await this.vertices.add(lowered, state.root, node, view, note);
    this.earlier = this.earlier.filter((root) => !this.lowering.graph.order(digest, root));
    this.names.add(digest, note, this.shownPlatform(state.platform, variablesOf(view.env)));
    if (lowered.aside !== true) return digest;
    this.lowering.required.add(digest);
    return state.root;
  }

  private from(image: ResolvedImage, platform: Platform, node: InstructionNode): Digest {
    const note = this.note(`FROM ${image.reference}`, node, platform);
    const digest = this.vertices.image(image, note);
    this.names.add(digest, note, this.shownPlatform(platform, new Map()));
    return digest;
  }

  /** Empty where only one platform is asked for. */
  private shownPlatform(platform: Platform, variables: ReadonlyMap<string, string>): string {
    return (this.lowering.options.platforms?.length ?? 1) > 1 ? shownPlatform(platform, variables) : '';
  }

  private note(name: string, { range }: InstructionNode, platform: Platform): VertexNote {
    const foreign = formatPlatform(platform) === formatPlatform(this.lowering.options.buildPlatform) ? {} : { platform };
    return { name, stage: stageLabel(this.stage), ...foreign, range };
  }

  private view(state: StageState, node = this.stage.node, onVariables?: (names: ExpandedNames) => void): StageView {
    const { file, options: { network, outside = {} } } = this.lowering;
    return viewOf({ index: this.stage.index, name: this.stage.start.name }, state, escapeFor(node, file), network, onVariables, { directives: this.directives, facts: outside });
  }
}

/** The values of a file's directives by key. */
function directiveValues({ directives }: Dockerfile): StageView['directives'] {
  return Object.freeze(Object.fromEntries(directives.map(({ key, value }) => [key, value])));
}

/** The build arguments that a program sees; of an argument and a variable of one name the variable. */
function argumentsOf({ ops = [] }: Lowered, { args, config }: StageState): Pick<VertexNote, 'arguments'> {
  if (args.length === 0 || ops.every(({ type }) => type !== 'exec')) return {};
  const variables = variablesOf(config.Env ?? []);
  const names = new Set(args.flatMap(({ name, value }) => (value === undefined || variables.has(name) ? [] : [name])));
  return names.size === 0 ? {} : { arguments: [...names] };
}

/** Triggers run once: neither this stage's image nor a stage on top of it has them. */
function withoutTriggers(state: StageState): StageState {
  const config = Object.fromEntries(Object.entries(state.config).filter(([field]) => field !== 'OnBuild'));
  return { ...state, config, changed: new Set(), steps: [] };
}
