import { defineInstruction, InstructionError } from '@strake/api';
import { isSignal } from './signal';

/** STOPSIGNAL: the signal that stops a container. */
export const stopsignal = defineInstruction({
  keyword: 'STOPSIGNAL',
  summary: 'sets the signal that stops a container',
  args: { kind: 'raw', expand: 'word' },
  ignoresFlags: () => true,
  lower: ({ args }) => {
    if (!isSignal(args)) throw new InstructionError(`invalid signal: ${args}`, { at: args });
    return { config: { stopSignal: args }, history: `STOPSIGNAL ${args}` };
  },
});
