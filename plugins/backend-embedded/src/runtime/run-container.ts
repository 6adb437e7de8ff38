import { needsGroup, openControlGroup, type ControlGroup } from '../limits/control-group';
import { runChild, type ChildCommand } from './child-run';
import { makeMountPoints, removeMountPoints } from './mount-points';
import { groupFile, reclaimContainer } from './reclaim';
import type { RunResult, RunSpec } from './run-spec';
import type { StateFolder } from './state-folder';

/** Writes to each file before `--` the number of the process that will be the program after it. Builtins only. */
const JOIN = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"';

/** Runs a child that makes a container, and leaves nothing of the container behind but what its program wrote. */
export async function runContainer(command: (group?: ControlGroup) => ChildCommand, spec: RunSpec, state: StateFolder): Promise<RunResult> {
  const { limits = {} } = spec;
  const group = needsGroup(limits) ? openControlGroup(limits, { name: spec.id, record: groupFile(state.directory, spec.id) }) : undefined;
  try {
    const result = await runOnce(command(group), spec, state);
    return group?.ranOutOfMemory(result.exitCode) === true ? { ...result, outOfMemory: true } : result;
  } finally {
    group?.release();
  }
}

async function runOnce(command: ChildCommand, spec: RunSpec, state: StateFolder): Promise<RunResult> {
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

/** The child itself enters the group, before it makes the container. */
export function inGroup(command: ChildCommand, group: ControlGroup | undefined): ChildCommand {
  if (group === undefined) return command;
  const { procs } = group;
  return { ...command, path: '/bin/sh', args: ['-c', JOIN, 'strake-join', ...procs, '--', command.path, ...command.args] };
}
