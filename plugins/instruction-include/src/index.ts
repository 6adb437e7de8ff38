import { defineInstruction, InstructionError, type InstructionPlugin } from '@strake/api';
import { Splicer } from './splicer';

const args = { kind: 'raw' } as const;
const flags = { from: { type: 'string', summary: 'a named context that the file is in' } } as const;

const definition = defineInstruction({
  keyword: 'INCLUDE',
  summary: 'puts the instructions of another file in its place',
  flags,
  args,
  beforeStages: true,
  // Whatever stands in a file was spliced before; what is left was not read from one.
  lower: () => {
    throw new InstructionError('INCLUDE cannot stand in a trigger of a base image', { hint: 'build the base again, with the instructions themselves as triggers' });
  },
});

/** INCLUDE: the instructions of another file of the context, in its place, before anything else looks at the file. */
export const include: InstructionPlugin<typeof flags, typeof args> = {
  ...definition,
  apply(builder) {
    definition.apply(builder);
    builder.hooks.assemble.tapPromise(definition.name, (file, files) => new Splicer(file, files).run());
  },
};
