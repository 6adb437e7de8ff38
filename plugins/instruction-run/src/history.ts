import type { StageView } from '@strake/api';

/** `RUN |1 a=b /bin/sh -c make`: the build arguments declared so far, by the values that the program sees, and the words. */
export function historyOf(args: readonly string[], stage: StageView): string {
  const names = [...new Set(stage.declared)];
  const declared = (name: string) => stage.args.findLast((arg) => arg.name === name)?.value ?? '';
  const values = names.map((name) => stage.env.find((entry) => entry.startsWith(`${name}=`)) ?? `${name}=${declared(name)}`);
  const prefix = names.length > 0 ? [`|${names.length}`, ...values] : [];
  return `RUN ${[...prefix, ...args].join(' ')}`;
}
