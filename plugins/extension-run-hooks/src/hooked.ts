import { InstructionError, type Instruction, type Lowered, type LoweredExec, type LoweredMount, type LoweredOp, type StageView } from '@strake/api';
import type { HookProgram, RunHooks } from '.';

/** Where hooks are used. */
interface Place {
  readonly instruction: Instruction;
  readonly stage: StageView;
}

/** What an instruction was lowered to, with hooks around each program. Throws an `InstructionError` for two mounts at one place. */
export function hooked(lowered: Lowered, hooks: RunHooks, place: Place): Lowered {
  if (lowered.ops?.some(({ type }) => type === 'exec') !== true) return lowered;
  const { instruction: { text } } = place;
  return { ...lowered, history: lowered.history === undefined ? text : lowered.history, ops: lowered.ops.flatMap((op) => (op.type === 'exec' ? around(op, hooks, place) : [op])) };
}

function around(exec: LoweredExec, { wrap, mounts = [], prepend, verify }: RunHooks, { instruction, stage }: Place): readonly LoweredOp[] {
  const mounted = mounts.length === 0 ? exec : { ...exec, mounts: withMounts(exec.mounts ?? [], mounts) };
  const beside = (program: HookProgram | undefined): readonly LoweredOp[] => (program === undefined ? [] : [{ ...mounted, args: typeof program === 'string' ? [...stage.shell, program] : program }]);
  const args = wrap === undefined ? exec.args : typeof wrap === 'function' ? wrap(exec.args, instruction, stage) : [...wrap, ...exec.args];
  return [...beside(prepend), { ...mounted, args }, ...beside(verify)];
}

function withMounts(own: readonly LoweredMount[], added: readonly LoweredMount[]): readonly LoweredMount[] {
  const taken = added.find(({ target }) => target !== undefined && own.some((mount) => mount.target === target));
  if (taken !== undefined) throw new InstructionError(`a hook mounts ${taken.target}, and so does the instruction`, { hint: 'leave one of them out; the hook may say when' });
  return [...own, ...added].sort(({ target: left = '' }, { target: right = '' }) => (left < right ? -1 : left > right ? 1 : 0));
}
