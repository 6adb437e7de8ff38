import type { GraphResult, Platform } from '@strake/api';
import type { LowerOptions } from './lower-dockerfile';
import type { LoweredStage } from './lowering';

type Shape = { readonly [K in keyof Platform]: Platform[K] | undefined } & Pick<Platform, 'os' | 'architecture'>;

/** The image that a lowered stage makes. Its platform is the one that was asked for, else the base image's, else the machine's. */
export function graphResult({ state, image }: LoweredStage, { now, labels, platform, platformGiven = false, squash = false }: LowerOptions, epoch: number | undefined): GraphResult {
  const found: Shape = image === undefined ? state.platform : { ...image.config, osVersion: image.config['os.version'] };
  const shape = platformGiven ? withPlatform(found, platform) : found;
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
  const baseLayers = image?.config.rootfs.diff_ids ?? [];
  return { platform, root: state.root, config, history: state.history, ...(epoch === undefined ? {} : { clamp: { epoch, baseLayers } }), ...(squash ? { squash: { baseLayers, ...(image?.id === undefined ? {} : { baseId: image.id }) } } : {}) };
}

/** As BuildKit: of the same system and architecture, what the wanted platform leaves open stays. */
function withPlatform({ os, architecture, variant, osVersion }: Shape, wanted: Platform): Shape {
  const same = os === wanted.os && architecture === wanted.architecture;
  return same ? { ...wanted, variant: wanted.variant ?? variant, osVersion: wanted.osVersion ?? osVersion } : wanted;
}
