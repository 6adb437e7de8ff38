import type { Op, Vertex } from '@strake/api';
import { instructionText, OperatorError } from '@strake/api';

/** Which steps a rule is for: those that fit all that is given. */
export interface StepMatch {
  /** Names of stages, or their numbers where they have none; any case. */
  readonly stage?: string | readonly string[];
  /** Keywords, in any case: `RUN`. */
  readonly keyword?: string | readonly string[];
  /** Kinds of op, one of which the step has. */
  readonly op?: Op['type'] | readonly Op['type'][];
  /** Pure: it may be asked at any time, and must say the same for the same vertex. */
  readonly when?: (vertex: Vertex) => boolean;
}

/** Whether a rule is for a step. Throws CONFIG_INVALID for a rule that says nothing. */
export function ruleMatches({ stage, keyword, op, when }: StepMatch, vertex: Vertex): boolean {
  if (stage === undefined && keyword === undefined && op === undefined && when === undefined) {
    throw new OperatorError('CONFIG_INVALID', 'a cache rule says nothing of the steps that it is for', { hint: 'Give it stage, keyword, op or when.' });
  }
  const [written = ''] = instructionText(vertex.note).replace(/^ONBUILD /, '').split(/\s/, 1);
  return (
    includes(stage, vertex.note.stage) &&
    includes(keyword, written) &&
    (op === undefined || vertex.ops.some(({ type }) => listOf(op).includes(type))) &&
    (when === undefined || when(vertex))
  );
}

const listOf = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? (one as readonly T[]) : [one as T]);

const includes = (wanted: string | readonly string[] | undefined, name: string): boolean =>
  wanted === undefined || listOf(wanted).some((one) => one.toLowerCase() === name.toLowerCase());
