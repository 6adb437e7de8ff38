import type { BuildGraph, Platform, Plugin } from '@strake/api';
import { lowerDockerfile, type LowerOptions } from '../dispatch/lower-dockerfile';
import { createRegistry, type Instructions } from '../hooks/registry';
import { parseDockerfile } from '../parser/parse-dockerfile';
import { resolveImage } from './base-images';
import { INSTRUCTIONS } from './builtin-instructions';

const platform: Platform = { os: 'linux', architecture: 'amd64' };

/** The built-in instructions and further plugins. */
export function instructionsWith(...plugins: readonly Plugin[]): Instructions {
  return [...INSTRUCTIONS, ...plugins].reduce((all, plugin) => all.use(plugin), createRegistry()).freeze();
}

const BUILTIN = instructionsWith();

/** Lowers a Dockerfile's text with options that do nothing. */
export async function lowerText(text: string, options: Partial<LowerOptions> = {}): Promise<BuildGraph> {
  const registry = options.registry ?? BUILTIN;
  const file = parseDockerfile(text, { file: 'Dockerfile', syntax: registry.syntax, directives: registry.directives });
  return lowerDockerfile(file, {
    registry, resolveImage, platform, buildPlatform: platform, buildArgs: {}, labels: {}, namedContexts: new Set(),
    now: '2026-01-01T00:00:00Z', signal: new AbortController().signal, ...options,
  });
}
