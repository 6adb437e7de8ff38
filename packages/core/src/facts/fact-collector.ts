import type { BaseFacts, DeclaredArgument, Dockerfile, DockerfileFacts, IgnoreFacts, InstructionFacts, InstructionNode, Platform, StageFacts, VariableUse } from '@strake/api';
import { stagesRead } from './stages-read';

type Growing = Omit<StageFacts, 'instructions' | 'reads' | 'variables'> & {
  readonly variables: VariableUse[];
  readonly instructions: InstructionFacts[];
};

/** Keeps what becomes known while a Dockerfile is lowered, also of one that is refused half-way. For one lowering. */
export class FactCollector {
  private readonly stages = new Map<number, Growing>();
  private readonly globals: DeclaredArgument[] = [];
  private readonly more: { file?: Dockerfile; target?: number; variables: ReadonlyMap<string, string> } = { variables: new Map() };

  /** The file that is lowered: what plugins made of the one that was parsed. */
  file(file: Dockerfile): void {
    this.more.file = file;
  }

  global(argument: DeclaredArgument): void {
    this.globals.push(argument);
  }

  variables(globals: ReadonlyMap<string, string>): void {
    this.more.variables = globals;
  }

  /** Names that FROM may have meant. */
  get known(): readonly string[] {
    return [...new Set([...this.globals.map(({ name }) => name), ...this.more.variables.keys()])];
  }

  target(index: number): void {
    this.more.target = index;
  }

  /** Begins a stage; the variables of its FROM are told before the rest is known. */
  stage(index: number, node: InstructionNode, body: readonly InstructionNode[]): void {
    this.stages.set(index, { index, node, body, base: '', variables: [], known: this.known, lowered: false, instructions: [] });
  }

  stageUse(index: number, uses: readonly VariableUse[]): void {
    this.stages.get(index)?.variables.push(...uses);
  }

  stageFacts(index: number, facts: Partial<Pick<StageFacts, 'name' | 'base' | 'defaultBase' | 'platform' | 'replaced' | 'lowered' | 'parent'>> & { readonly image?: BaseFacts }): void {
    const stage = this.stages.get(index);
    if (stage !== undefined) this.stages.set(index, { ...stage, ...facts });
  }

  instruction(index: number, facts: InstructionFacts): void {
    this.stages.get(index)?.instructions.push(facts);
  }

  /** What is known now. `parsed` stands for the file when lowering has not begun. */
  facts(parsed: Dockerfile, platform: Platform, ignore?: IgnoreFacts): DockerfileFacts {
    const { file = parsed, target, variables } = this.more;
    const stages = [...this.stages.values()].sort((left, right) => left.index - right.index);
    return {
      file, platform, variables,
      globals: this.globals,
      stages: stages.map((stage) => ({ ...stage, reads: stagesRead(stage.instructions, stages) })),
      ...(target === undefined ? {} : { target }),
      ...(ignore === undefined ? {} : { ignore }),
    };
  }
}
