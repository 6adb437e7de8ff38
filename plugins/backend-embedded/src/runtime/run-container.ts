import { runChild, type ChildCommand } from './child-run';
import { makeMountPoints, removeMountPoints } from './mount-points';
import { reclaimContainer } from './reclaim';
import type { RunResult, RunSpec } from './run-spec';
import type { StateFolder } from './state-folder';

/** Runs a child that makes a container, and leaves nothing of the container behind but what its program wrote. */
export async function runContainer(command: ChildCommand, spec: RunSpec, state: StateFolder): Promise<RunResult> {
  const added = makeMountPoints(spec);
  const release = state.guard(spec.guarded === true);
  try {
    return await runChild(command, spec);
  } finally {
    release();
    reclaimContainer(state.directory, spec.id);
    removeMountPoints(added);
  }
}
