import { csvFields, type FlagNode, type InstructionNode, type SourceRange } from '@strake/api';

/** A flag that names a tree to read from, and the name as written: `--from=NAME`, or `from=NAME` among the fields of `--mount`. */
export interface OriginFlag {
  readonly flag: FlagNode;
  readonly name: string;
}

/** The flags of an instruction that name other trees. */
export function originFlags({ flags }: InstructionNode): readonly OriginFlag[] {
  return flags.flatMap((flag) => {
    if (flag.name === 'from') return [{ flag, name: flag.value ?? '' }];
    if (flag.name !== 'mount') return [];
    const from = (csvFields(flag.value ?? '') ?? []).find((field) => /^from=/i.test(field));
    return from === undefined ? [] : [{ flag, name: from.slice('from='.length) }];
  });
}

/** The place of the flag that names a tree so; the whole instruction when none does. */
export function originRange(node: InstructionNode, name: string): SourceRange {
  const flags = originFlags(node);
  return (flags.find((flag) => flag.name === name) ?? flags[0])?.flag.range ?? node.range;
}
