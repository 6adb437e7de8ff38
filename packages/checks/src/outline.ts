import type { DeclaredArgument, DockerfileFacts, LoweredMount, StageFacts } from '@strake/api';
import { docComment } from './doc-comment';
import { linesOf, type Location } from './source-lines';

/** What `--call=outline,format=json` prints: BuildKit's `frontend/subrequests/outline`. */
export interface Outline {
  readonly name?: string;
  readonly description?: string;
  readonly args?: readonly OutlineArgument[] | undefined;
  readonly secrets?: readonly OutlineSecret[] | undefined;
  readonly ssh?: readonly OutlineSecret[] | undefined;
  /** Base64. */
  readonly sources: readonly string[];
}

export interface OutlineArgument {
  readonly name: string;
  readonly description?: string;
  readonly value?: string;
  readonly location: Location;
}

export interface OutlineSecret {
  readonly name: string;
  readonly required?: true;
  readonly location: Location;
}

/** What a build of the target can be given: arguments, secrets and agents of its stage and of all that it needs. */
export function outlineOf(facts: DockerfileFacts, data: string): Outline {
  const target = facts.stages.find(({ index }) => index === facts.target);
  if (target === undefined) return { sources: [data] };
  const found = new OutlineWalk(facts);
  found.visit(target);
  const description = docComment(target.node, target.name ?? '');
  return {
    ...(target.name === undefined ? {} : { name: target.name }),
    ...(description === '' ? {} : { description }),
    args: listed(found.args),
    secrets: listed(found.secrets),
    ssh: listed(found.ssh),
    sources: [data],
  };
}

type Found<T> = Map<string, T>;

class OutlineWalk {
  readonly args: Found<OutlineArgument> = new Map();
  readonly secrets: Found<OutlineSecret> = new Map();
  readonly ssh: Found<OutlineSecret> = new Map();
  private readonly visited = new Set<number>();

  constructor(private readonly facts: DockerfileFacts) {}

  visit(stage: StageFacts): void {
    if (this.visited.has(stage.index)) return;
    this.visited.add(stage.index);
    this.argumentsOf(stage);
    for (const { node, lowered } of stage.instructions) {
      for (const mount of (lowered.ops ?? []).flatMap((op): readonly LoweredMount[] => (op.type === 'exec' ? (op.mounts ?? []) : []))) {
        if (mount.type !== 'secret' && mount.type !== 'ssh') continue;
        const found = mount.type === 'secret' ? this.secrets : this.ssh;
        if (!found.has(mount.id)) found.set(mount.id, { name: mount.id, ...(mount.required ? { required: true as const } : {}), location: linesOf(node.range) });
      }
    }
    for (const index of [...(stage.parent === undefined ? [] : [stage.parent]), ...stage.reads]) {
      const other = this.facts.stages.find((one) => one.index === index);
      if (other !== undefined) this.visit(other);
    }
  }

  /** Those that the stage declares, those that its FROM uses, and the global ones that the defaults of either need. */
  private argumentsOf({ instructions, variables }: StageFacts): void {
    const known = new Map(this.facts.globals.map((argument) => [argument.name, argument]));
    const used = new Set(variables.filter(({ state }) => state === 'set').map(({ name }) => name));
    for (const argument of instructions.flatMap(({ declares }) => declares)) {
      used.add(argument.name);
      if (argument.from !== 'global') known.set(argument.name, argument);
    }
    // A set that grows while it is walked is walked to its end.
    for (const name of used) {
      const argument = known.get(name);
      if (argument === undefined) continue;
      // Variables that a stage's own default needs are of the stage, not of the file.
      if (this.facts.globals.includes(argument)) argument.uses.filter((use) => use !== name).forEach((use) => used.add(use));
      if (!this.args.has(name)) this.args.set(name, outlined(argument));
    }
  }
}

function outlined({ name, value, node }: DeclaredArgument): OutlineArgument {
  const description = docComment(node, name);
  return { name, ...(description === '' ? {} : { description }), ...(value === undefined || value === '' ? {} : { value }), location: linesOf(node.range) };
}

/** By place; undefined, and so not in the JSON, when there are none. */
function listed<T extends { readonly location: Location }>(found: Found<T>): readonly T[] | undefined {
  const line = ({ location }: T): number => location.ranges[0]?.start.line ?? 0;
  return found.size === 0 ? undefined : [...found.values()].sort((left, right) => line(left) - line(right));
}
