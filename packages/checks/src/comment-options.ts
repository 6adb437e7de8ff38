import type { InstructionNode } from '@strake/api';
import { CheckOptionsError, parseCheckOptions, type CheckOptions } from './check-options';

/** What the comments above an instruction say of checks. */
export interface CommentOptions {
  readonly options?: CheckOptions;
  /** What is wrong with them, so that they do not count. */
  readonly problem?: string;
}

/** Reads the first `check=…` among the comments above an instruction; what follows a blank is for people. */
export function commentOptions({ comments }: InstructionNode): CommentOptions {
  for (const comment of comments) {
    const [, key, value] = /^\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(comment) ?? [];
    if (key?.toLowerCase() !== 'check' || value === undefined) continue;
    try {
      return { options: parseCheckOptions(value.split(' ', 1)[0] ?? '') };
    } catch (error) {
      if (error instanceof CheckOptionsError) return { problem: error.message };
      throw error;
    }
  }
  return {};
}

/** Options for one instruction: what its comments skip or want besides. `error` is the file's alone. */
export function mergeOptions(options: CheckOptions, more: CheckOptions | undefined): CheckOptions {
  if (more === undefined) return options;
  return {
    skipAll: options.skipAll || more.skipAll,
    skip: [...options.skip, ...more.skip],
    experimentalAll: options.experimentalAll || more.experimentalAll,
    experimental: [...options.experimental, ...more.experimental],
    error: options.error,
  };
}
