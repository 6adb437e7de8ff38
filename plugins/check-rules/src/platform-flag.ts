import type { FlagNode, StageFacts, VariableUse } from '@strake/api';

/** FROM's `--platform` and the variables in it. */
export interface PlatformFlag {
  readonly node: FlagNode;
  /** As written. */
  readonly written: string;
  /** Expanded. */
  readonly value: string;
  readonly variables: readonly VariableUse[];
}

/** The `--platform` of a stage, or undefined. */
export function platformFlag({ node, platform, variables }: StageFacts): PlatformFlag | undefined {
  const flag = node.flags.find(({ name }) => name === 'platform');
  if (flag?.value === undefined || platform === undefined) return undefined;
  const { start } = flag.range;
  const inFlag = variables.filter(({ range }) => range.start.line === start.line && range.start.column === start.column);
  return { node: flag, written: flag.value, value: platform, variables: inFlag };
}
