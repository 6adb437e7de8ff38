import { DockerfileError, InstructionError, PluginError, StrakeError } from '@strake/api';

/** Does something of a plugin; what it throws says whose it is. */
export function blaming<T>(plugin: string, hook: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStrakeError(error, plugin, hook);
  }
}

/** An error of a plugin as one of ours; those of the Dockerfile keep their text. */
export function asStrakeError(error: unknown, plugin: string, hook: string): StrakeError {
  if (error instanceof StrakeError) return error;
  if (error instanceof InstructionError) {
    return new DockerfileError(error.at?.startsWith('--') === true ? 'INVALID_FLAG' : 'INVALID_ARGUMENTS', error.message, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new PluginError('PLUGIN_INVALID', `${plugin} failed in ${hook}: ${text}`, { cause: error, plugin });
}
