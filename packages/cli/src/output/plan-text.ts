import type { Plan, PlanStep } from '../library';
import { printable } from '../progress/printable';
import { byteSize } from '../progress/byte-size';
import { warningText } from '../progress/warning-text';

/** A plan for people: the steps with what they would do and why they are not cached, then the image config. */
export function planText(plan: Plan): string {
  const cached = plan.steps.filter((step) => step.cached).length;
  const uncertain = plan.steps.filter((step) => step.uncertain).length;
  return [
    `${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'} for ${plan.platform}, ${cached} cached${uncertain === 0 ? '' : `, ${uncertain} that only building can tell`}`,
    ...plan.steps.flatMap(stepLines),
    ...plan.images.flatMap(({ platform, config }) => [
      plan.images.length === 1 ? 'image config:' : `image config for ${platform}:`,
      ...JSON.stringify(config.config, null, 2).split('\n').map((line) => `  ${line}`),
    ]),
    ...plan.warnings.map(warningText),
  ].join('\n');
}

function stepLines({ name, cached, from, uncertain, reason, actions, files }: PlanStep): readonly string[] {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  return [
    `${cached ? 'CACHED' : uncertain ? 'MAYBE ' : 'RUN   '} ${name}`,
    ...(from === undefined ? [] : [`       from ${printable(from)}`]),
    ...(cached || reason === undefined ? [] : [`       why: ${reason}`]),
    ...actions.map((action) => `       ${action}`),
    ...(files.length === 0 ? [] : [`       takes ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${byteSize(bytes)}:`]),
    ...files.map((file) => `         ${file.path}${file.type === 'file' ? ` ${byteSize(file.size)}` : ` (${file.type})`}`),
  ];
}
