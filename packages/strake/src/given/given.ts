import { OperatorError, type ErrorCode } from '@strake/api';
import type { BuildOptions, Given } from '../build/build-options';
import type { BuilderConfig } from '../builder/builder-config';
import type { FixOptions } from '../check/fix';
import { buildShape, fixShape } from './build-shape';
import { configShape } from './config-shape';
import type { Shape } from './shape';

/** The options of a build, looked at: they may be another program's, or from JSON. What is undefined is as if it were not there. Throws USAGE. */
export function givenOptions(options: Given<BuildOptions>): BuildOptions {
  return given(options, buildShape, { at: 'options', code: 'USAGE' });
}

/** The options of `fix`, in the same way. Throws USAGE. */
export function givenFix(options: Given<FixOptions>): FixOptions {
  return given(options, fixShape, { at: 'options', code: 'USAGE' });
}

/** The configuration of a builder, in the same way. Throws CONFIG_INVALID. */
export function givenConfig(config: Given<BuilderConfig>): BuilderConfig {
  return given(config, configShape, { at: 'config', code: 'CONFIG_INVALID' });
}

function given<T extends object>(value: Given<T>, shape: Shape, { at, code }: { readonly at: string; readonly code: ErrorCode }): T {
  const misfit = shape(value, at);
  if (misfit !== undefined) throw new OperatorError(code, misfit.message, misfit.hint === undefined ? {} : { hint: misfit.hint });
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
