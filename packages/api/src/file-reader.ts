import type { Instruction } from './define-instruction';
import type { Dockerfile, InstructionNode } from './dockerfile';

/** A file of a build context. */
export interface ContextFile {
  /** In positions: as the user would write it. */
  readonly name: string;
  readonly text: string;
}

/** What plugins may read before a Dockerfile is lowered: files of the build contexts, as COPY sees them. */
export interface FileReader {
  /**
   * A file by its path from the context's root; `context` names one of the named contexts, the main one without it. Throws SOURCE_MISSING,
   * also for an ignored file and for a context that nobody knows, and UNSUPPORTED for a named context that is no directory.
   */
  read(path: string, context?: string): Promise<ContextFile>;
  /** An instruction with its flags and arguments typed; nothing is expanded. Throws a `DockerfileError` with its place, as the check of all instructions would. */
  typed(node: InstructionNode): Instruction;
  /** Parses a file as the Dockerfile itself was parsed; errors are shown with its text. Throws a `DockerfileError`. */
  parse(file: ContextFile): Dockerfile;
}
