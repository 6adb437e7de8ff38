import { StrakeError } from '@strake/api';
import type { Dockerfile, InstructionNode } from '@strake/api';
import { callInstruction } from './call-instruction';
import { escapeFor } from './escape-of';
import { globalArguments } from './global-arguments';
import type { LowerOptions } from './lower-dockerfile';
import { emptyState, viewOf } from './stage-state';

/**
 * The base of a stage when nobody gives any build argument: empty when it is then refused, undefined when it (or the
 * default of a global build argument) cannot be expanded.
 */
export function defaultBase(node: InstructionNode, globals: readonly InstructionNode[], file: Dockerfile, options: Omit<LowerOptions, 'facts'>): string | undefined {
  const escape = escapeFor(node, file);
  const view = viewOf({ index: 0 }, emptyState(options.platform), escape, options.network);
  try {
    const defaults = globalArguments(globals, '', file, { ...options, buildArgs: {} });
    return callInstruction(node, defaults, view, options.registry, escape).lowered.stage?.base;
  } catch (error) {
    if (!(error instanceof StrakeError)) throw error;
    return error.code === 'INVALID_EXPANSION' ? undefined : '';
  }
}
