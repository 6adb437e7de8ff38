import { StepFailedError } from '@strake/api';
import { messageOf } from '../http/message-of';

/** One message of a progress stream of the Engine API. */
export type JsonMessage = object;

/** The messages that end a stream with an error. The code is a failed program's exit code. */
export function errorMessage(error: unknown): JsonMessage {
  if (error instanceof StepFailedError) {
    const why = error.hint === undefined ? '' : ` (${error.hint})`;
    const message = `The command '${error.args.join(' ')}' returned a non-zero code: ${error.exitCode}${why}`;
    return { errorDetail: { code: error.exitCode, message }, error: message };
  }
  const message = messageOf(error);
  return { errorDetail: { message }, error: message };
}

/** A message as it is sent: one line. */
export function encodeMessage(message: JsonMessage): string {
  return `${JSON.stringify(message)}\r\n`;
}
