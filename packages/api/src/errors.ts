import type { SourceRange } from './position';

/** Every code that an error or a warning of strake can carry. Each has a page under docs/errors. */
export type ErrorCode =
  | 'DOCKERFILE_SYNTAX'
  | 'DOCKERFILE_MISSING'
  | 'UNKNOWN_INSTRUCTION'
  | 'UNKNOWN_FLAG'
  | 'INVALID_FLAG'
  | 'INVALID_ARGUMENTS'
  | 'INVALID_EXPANSION'
  | 'INVALID_STAGE'
  | 'UNKNOWN_STAGE'
  | 'UNSUPPORTED'
  | 'CONTEXT_MISSING'
  | 'CONTEXT_INVALID'
  | 'SOURCE_MISSING'
  | 'SOURCE_DENIED'
  | 'SOURCE_UNREACHABLE'
  | 'IMAGE_MISSING'
  | 'IMAGE_INVALID'
  | 'REFERENCE_INVALID'
  | 'CHECK_FAILED'
  | 'STEP_FAILED'
  | 'STEP_TIMEOUT'
  | 'DIGEST_MISMATCH'
  | 'REGISTRY_DENIED'
  | 'REGISTRY_FAILED'
  | 'REGISTRY_UNREACHABLE'
  | 'CACHE_DENIED'
  | 'CACHE_FAILED'
  | 'CACHE_UNREACHABLE'
  | 'ENGINE_UNREACHABLE'
  | 'ENGINE_FAILED'
  | 'STORE_BUSY'
  | 'STORE_INVALID'
  | 'DISK_FULL'
  | 'PERMISSION'
  | 'PROGRAM_MISSING'
  | 'RUNTIME_MISSING'
  | 'RUNTIME_FAILED'
  | 'SECRET_MISSING'
  | 'DEVICE_MISSING'
  | 'NOT_ALLOWED'
  | 'CANCELLED'
  | 'USAGE'
  | 'CONFIG_INVALID'
  | 'PLUGIN_INVALID'
  | 'PLUGIN_CONFLICT'
  | 'INTERNAL';

/** What may accompany an error: where it is, what to do about it, what led to it. */
export interface ErrorDetails {
  readonly range?: SourceRange;
  /** One sentence that says what to do. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** A flag's name or a piece of the instruction that it is about: whoever knows the text narrows the range to it. */
  readonly at?: string;
  /** Further facts, a line each. */
  readonly notes?: readonly string[];
  /** The plugin whose doing it is. */
  readonly plugin?: string;
}

const KINDS = Symbol.for('strake.kinds');

/** Marks an error with the names of its classes, the most special first. */
export function markKinds(error: Error, type: object): void {
  const names: string[] = [];
  for (let each: unknown = type; typeof each === 'function' && each !== Error; each = Object.getPrototypeOf(each)) names.push((each as { name: string }).name);
  Object.defineProperty(error, KINDS, { value: names });
}

/** Whether an error is of a class, of whichever copy of this package: a plugin may have been installed with one of its own. */
export function isOfKind(value: unknown, kind: string): boolean {
  return typeof value === 'object' && value !== null && (value as { [KINDS]?: readonly string[] })[KINDS]?.includes(kind) === true;
}

/** The one base of every error that strake throws on purpose. Anything else is a bug. */
export abstract class StrakeError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOfKind(value, this.name);
  }

  readonly code: ErrorCode;
  readonly at: string | undefined;
  /** The plugin whose doing it is. */
  readonly plugin: string | undefined;
  /** Whoever knows more of an error on its way up adds a note, a better hint, and a range where there is none. */
  notes: readonly string[];
  hint: string | undefined;
  range: SourceRange | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.range = details.range;
    this.hint = details.hint;
    this.at = details.at;
    this.plugin = details.plugin;
    markKinds(this, new.target);
    this.notes = details.notes ?? [];
  }
}

/** The author of the Dockerfile (or of the context) must act. */
export class DockerfileError extends StrakeError {}

/** The author of a plugin must act. */
export class PluginError extends StrakeError {}

/** Whoever runs the build must act: options, permissions, disk, machine. */
export class OperatorError extends StrakeError {}

/** A RUN ended with another exit code than 0. */
export class StepFailedError extends DockerfileError {
  /** The arguments of the process that failed, as they were executed. */
  readonly args: readonly string[];
  /** 1 to 255; 128 + n when signal n ended it. */
  readonly exitCode: number;

  constructor(args: readonly string[], exitCode: number, details: ErrorDetails = {}) {
    super('STEP_FAILED', `process "${args.join(' ')}" did not complete successfully: exit code: ${exitCode}`, details);
    this.args = args;
    this.exitCode = exitCode;
  }
}

/** A step took longer than its instruction lets it, and was stopped. */
export class StepTimeoutError extends DockerfileError {
  /** Seconds that it had. */
  readonly seconds: number;

  constructor(seconds: number, details: ErrorDetails = {}) {
    super('STEP_TIMEOUT', `the step did not end within ${seconds} s: its program was stopped, with all that it had started`, details);
    this.seconds = seconds;
  }
}

/** The build was asked to stop, and did. */
export class CancelledError extends StrakeError {
  constructor(details: ErrorDetails = {}) {
    super('CANCELLED', 'the build was cancelled', details);
  }
}

/** Strake's own authors must act. */
export class InternalError extends StrakeError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('INTERNAL', message, details);
  }
}
