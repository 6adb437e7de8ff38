import type { StepGraph } from '@strake/api';
import type { PlannedStep, StagePlan } from './stage-plan';

/** A stage as a Dockerfile of its own; `imageOf` gives the ID of an image that a COPY names. */
export function stageText({ facts, steps }: StagePlan, base: string, { facts: { file } }: StepGraph, imageOf: (step: PlannedStep) => string | undefined): { readonly dockerfile: string; readonly lines: number } {
  const globals = file.instructions.slice(0, file.instructions.findIndex(({ keyword }) => keyword === 'FROM')).filter(({ keyword }) => keyword === 'ARG');
  const lines = steps.filter(({ facts: known }) => known?.trigger !== true).map((step) => lineOf(step, imageOf));
  const all = [...globals.map(({ original }) => original.trim()), `FROM ${base}${facts.name === undefined ? '' : ` AS ${facts.name}`}`, ...lines];
  return { dockerfile: `# escape=${file.escape}\n${all.join('\n')}\n`, lines: lines.length };
}

function lineOf(step: PlannedStep, imageOf: (step: PlannedStep) => string | undefined): string {
  const { facts, label } = step;
  if (facts === undefined) return `LABEL ${(label ?? []).map(quoted).join('=')}`;
  const { node } = facts;
  const flags = node.flags.map(({ name, raw }) => (name === 'from' ? `--from=${imageOf(step) ?? ''}` : raw));
  return [node.keyword, ...flags, node.text].join(' ').trim();
}

/** In double quotes nothing of it means anything else. */
const quoted = (text: string): string => `"${text.replace(/["$\\]/g, '\\$&')}"`;
