import { DockerfileError } from '@strake/api';
import { hasStatus } from '../engine';

/** Something stands in the way of a copy. */
export function conflict(message: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', message, { hint: 'copy to another path, or remove what is there in an earlier RUN' });
}

/** A part of a path is a file. */
export function notDirectory(path: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', `mkdir ${path}: not a directory`, { hint: 'a part of this path is a file in the image' });
}

/** What an engine's refusal to write means for the author of the Dockerfile, where it is his to act. */
export function writeError(error: unknown): unknown {
  if (!hasStatus(error, 400, 500)) return error;
  const [, directory] = /cannot overwrite directory "([^"]*)" with non-directory/.exec(error.said) ?? [];
  if (directory !== undefined) return conflict(`cannot replace to directory ${directory} with file`);
  const [, file] = /cannot overwrite non-directory "([^"]*)" with directory/.exec(error.said) ?? [];
  return file === undefined ? error : conflict(`cannot copy to non-directory: ${file}`);
}
