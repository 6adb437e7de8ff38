import { OperatorError } from '@strake/api';
import { findDockerfile } from '@strake/context';
import { decodeText } from '@strake/core';
import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { BuildOptions } from '../build/build-options';

/** A Dockerfile's text, and where it came from. */
export interface DockerfileText {
  readonly text: string;
  /** In messages: as the user would write it. */
  readonly name: string;
  /** Of the file: in the context where that was brought from elsewhere. Absent for a text that is no file. */
  readonly path?: string;
}

/** Reads the Dockerfile that the options ask for. Throws DOCKERFILE_MISSING, PERMISSION. */
export function readDockerfile(options: BuildOptions, context: string, cwd: string): DockerfileText {
  const { dockerfile } = options;
  if (typeof dockerfile === 'object') return dockerfile;
  const path = findDockerfile(context, dockerfile === undefined ? undefined : resolve(cwd, dockerfile));
  try {
    return { text: decodeText(readFileSync(path)), name: nameOf(path, context, cwd), path };
  } catch (cause) {
    throw new OperatorError('PERMISSION', `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Short where it can be: within the working directory or the context, else the whole path. */
function nameOf(path: string, context: string, cwd: string): string {
  const near = [cwd, context].map((base) => relative(base, path)).find((name) => !name.startsWith(`..${sep}`));
  return near ?? path;
}
