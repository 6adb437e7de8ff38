import { defineInstruction } from '@strake/api';
import type { InstructionPlugin } from '@strake/api';

const args = { kind: 'sub-instruction', refuse: ['ONBUILD', 'FROM', 'MAINTAINER'] } as const;

const definition = defineInstruction({
  keyword: 'ONBUILD',
  summary: 'leaves a trigger for builds on this image',
  args,
  lower: ({ args: trigger }) => ({ config: { onBuild: [trigger.text] }, history: null }),
});

/** ONBUILD: leaves a trigger in the image, and runs the triggers of a base when a stage starts. */
export const onbuild: InstructionPlugin<Record<never, never>, typeof args> = {
  ...definition,
  apply(builder) {
    definition.apply(builder);
    builder.hooks.stageStart.tap(definition.name, (triggers, stage) => [...triggers, ...(stage.config.OnBuild ?? [])]);
  },
};
