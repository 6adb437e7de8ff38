import { changeText, type KeyChange } from '@strake/api';
import type { Plan, PlanStep } from '../library';
import { printable } from '../progress/printable';
import { age } from './age';

const MOST = 20;

/** Why the steps of a plan are not cached: those that changed first in full, those that only follow by name. `now` is milliseconds since 1970. */
export function explainText({ steps }: Plan, now: number): string {
  const cached = steps.filter((step) => step.cached);
  const missing = steps.filter((step) => !step.cached && step.uncertain !== true);
  const first = missing.filter(({ because }) => because === undefined);
  const uncertain = steps.filter((step) => step.uncertain);
  return [
    ...first.flatMap((step) => [...causeLines(step, now), ...following(step, missing), '']),
    ...(uncertain.length === 0 ? [] : ['only building can tell, as it depends on what an earlier step makes:', ...names(uncertain), '']),
    `${cached.length} of ${steps.length} steps cached${elsewhere(cached)}`,
  ].join('\n');
}

/** How many come from where, outside the store. */
function elsewhere(cached: readonly PlanStep[]): string {
  const places = [...new Set(cached.flatMap(({ from }) => from ?? []))];
  return places.map((place) => `, ${cached.filter(({ from }) => from === place).length} from ${printable(place)}`).join('');
}

function causeLines({ name, reason = '', changes = [], against }: PlanStep, now: number): readonly string[] {
  const told = changes.filter(({ what }) => what !== 'step');
  const lines = told.length === 0 ? [printable(reason)] : told.slice(0, MOST).flatMap(changeLines);
  return [
    `RUN ${printable(name)}`,
    ...lines.map((line) => `    ${line}`),
    ...(told.length > MOST ? [`    and ${told.length - MOST} more`] : []),
    ...(against === undefined ? [] : [`    since it was built ${age(new Date(against.at).toISOString(), now)}${against.build === undefined ? '' : ` (build ${against.build})`}`]),
  ];
}

/** Of an instruction old and new text one below the other. */
function changeLines(change: KeyChange): readonly string[] {
  const { what, before = '', after = '' } = change;
  if (what === 'instruction') return ['the instruction changed', `  was ${printable(before)}`, `  is  ${printable(after)}`];
  return [printable(changeText(change))];
}

function following({ digest }: PlanStep, missing: readonly PlanStep[]): readonly string[] {
  const others = missing.filter(({ because }) => because === digest);
  return others.length === 0 ? [] : ['  because of it:', ...names(others)];
}

const names = (steps: readonly PlanStep[]): readonly string[] => steps.map(({ name }) => `    ${printable(name)}`);
