import type { ContainerConfig } from '@strake/api';
import type { ProbeConfigs } from './image-cache';
import type { PlannedStep } from './stage-plan';
import { stepCommands, type StepCommands } from './step-text';

/** What a step is looked up by: its config with its text in the place of the program. A RUN has no entrypoint there. */
export function probeConfigs(step: PlannedStep, buildArgs: Readonly<Record<string, string | undefined>>, sum: string | undefined): ProbeConfigs {
  const { config } = step;
  const commands = commandsOf(step, buildArgs, sum);
  const isRun = step.facts?.instruction.keyword === 'RUN' && !(commands[0].at(-1) ?? '').startsWith('#(nop) ');
  return commands.map((Cmd): ContainerConfig => ({ ...config, ...(isRun ? { Entrypoint: null } : {}), Cmd })) as unknown as ProbeConfigs;
}

function commandsOf({ facts, label, config }: PlannedStep, buildArgs: Readonly<Record<string, string | undefined>>, sum: string | undefined): StepCommands {
  if (facts !== undefined) return stepCommands(facts, { config, buildArgs, sum });
  const shell = config.Shell?.length ? config.Shell : ['/bin/sh', '-c'];
  return [[...shell, '#(nop) ', `LABEL ${label?.join('=') ?? ''}`]];
}
