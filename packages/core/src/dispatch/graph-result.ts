import type { GraphResult } from '@strake/api';
import type { LowerOptions } from './lower-dockerfile';
import type { LoweredStage } from './lowering';

/** The image that a lowered stage makes. Its architecture is the base image's, the target platform's without one. */
export function graphResult({ state, image }: LoweredStage, { now, labels, platform }: LowerOptions, epoch: number | undefined): GraphResult {
  const shape = image === undefined ? state.platform : { ...image.config, osVersion: image.config['os.version'] };
  const added = Object.keys(labels).length > 0 ? { Labels: { ...state.config.Labels, ...labels } } : {};
  const config = {
    ...(now === undefined ? {} : { created: now }),
    ...(state.author === undefined ? {} : { author: state.author }),
    architecture: shape.architecture,
    os: shape.os,
    ...(shape.variant ? { variant: shape.variant } : {}),
    ...(shape.osVersion ? { 'os.version': shape.osVersion } : {}),
    config: { ...state.config, ...added },
  };
  const clamp = epoch === undefined ? {} : { clamp: { epoch, baseLayers: image?.config.rootfs.diff_ids ?? [] } };
  return { platform, root: state.root, config, history: state.history, ...clamp };
}
