import { OperatorError, type CacheStrategy, type StepGraph, type StepOptions } from '@strake/api';
import { checkBuild } from './check-build';
import { StepBuilder } from './step-builder';

export { copySum } from './copy-sum';
export { sameConfig } from './compare';

/**
 * Docker's classic caching: each instruction has an image, which is found by its parent and by what it was made with. Builds in the
 * order of the file; a single step cannot be asked for.
 */
export function createClassicCache(): CacheStrategy {
  return {
    name: 'classic',
    lookup: async () => ({ hit: false, reason: 'the classic cache is asked while it builds' }),
    record: async () => undefined,
    steps: {
      check: checkBuild,
      build: (build, options) => stepBuilder(build, options).build(),
      plan: (build, options) => stepBuilder(build, options).plan(),
    },
  };
}

function stepBuilder(build: StepGraph, options: StepOptions): StepBuilder {
  const { steps } = options.session;
  if (steps === undefined) throw new OperatorError('UNSUPPORTED', 'the backend keeps no images of instructions, which the classic cache needs');
  return new StepBuilder(build, options, steps);
}
