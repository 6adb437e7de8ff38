import type { Digest, StepImage, StepImages } from '@strake/api';

/** Images of instructions as they are: nothing is made, and what another's history tells of is only thought of. */
export function drySteps(steps: StepImages): StepImages {
  let number = 0;
  return {
    children: (parent) => steps.children(parent),
    find: (reference) => steps.find(reference),
    sums: (op, input) => steps.sums(op, input),
    tree: (image) => steps.tree(image),
    open: (image, options) => steps.open(image, options),
    ...(steps.restore === undefined ? {} : {
      restore: async (parent, { platform, history, diffIds }, config): Promise<StepImage> => {
        const before = parent?.history ?? [];
        const entry = history[before.length] ?? {};
        const layers = parent?.diffIds.length ?? 0;
        const id: Digest = `sha256:planned-${(number += 1)}`;
        return { id, created: entry.created ?? '', platform, config, history: [...before, entry], diffIds: entry.empty_layer === true ? (parent?.diffIds ?? []) : diffIds.slice(0, layers + 1) };
      },
    }),
  };
}
