import { StrakeError, type BuildEvent, type Logger, type LogFields } from '@strake/api';
import type { BuildOptions, BuildResult } from '../build/build-options';

type Build = (options: BuildOptions) => Promise<BuildResult>;

/** The builds of one builder, told to its logger, each with a number. What programs print is none of its business. */
export function loggedBuilds(logger: Logger, build: Build): Build {
  let builds = 0;
  return async (options) => {
    const fields = { build: (builds += 1) };
    const begun = performance.now();
    const milliseconds = (): number => Math.round(performance.now() - begun);
    const onEvent = (event: BuildEvent): void => {
      log(event, logger, fields, options.signal?.aborted === true);
      options.onEvent?.(event);
    };
    logger.info('build begun', fields);
    try {
      const result = await build({ ...options, onEvent });
      logger.info('build done', { ...fields, milliseconds: milliseconds(), imageId: result.imageId });
      return result;
    } catch (error) {
      const code = error instanceof StrakeError ? error.code : 'INTERNAL';
      const ended = { ...fields, milliseconds: milliseconds(), code };
      // Somebody wanted it: nothing is wrong.
      if (code === 'CANCELLED') logger.info('build cancelled', ended);
      else logger.error('build failed', { ...ended, error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  };
}

function log(event: BuildEvent, logger: Logger, fields: LogFields, cancelled: boolean): void {
  switch (event.type) {
    case 'started':
    case 'cached':
      return logger.debug(`${event.type}: ${event.note.name}`, fields);
    case 'missed':
      return logger.debug(`not cached: ${event.note.name}`, { ...fields, reason: event.reason });
    case 'done': {
      const timed = { ...fields, milliseconds: Math.round(event.milliseconds) };
      if (event.error === undefined) return logger.info(`done: ${event.note.name}`, timed);
      return cancelled ? logger.info(`stopped: ${event.note.name}`, timed) : logger.error(`failed: ${event.note.name}`, { ...timed, error: event.error });
    }
    case 'export':
      return event.state === 'done' ? logger.info(`${event.name.startsWith('exporting') ? 'exported' : 'done'}: ${event.name}`, fields) : undefined;
    case 'warning': {
      const { code, message, range } = event.diagnostic;
      return logger.warn(message, { ...fields, code, ...(range === undefined ? {} : { place: `${range.file}:${range.start.line}` }) });
    }
    default:
      return undefined;
  }
}
