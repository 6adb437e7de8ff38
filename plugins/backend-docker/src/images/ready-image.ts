import { OperatorError, StrakeError, type Platform, type ReadyOptions } from '@strake/api';
import { parseReference, type Reference } from '@strake/oci';
import { EngineError, type EngineClient, type EngineImage, type EngineProgress } from '../engine';
import { registryAuth, type AskCredential } from './registry-auth';

/** What base images are made ready with. */
export interface ReadyParts {
  readonly client: EngineClient;
  readonly credential: AskCredential;
}

/** Makes sure that a base image is in the engine, as the policy says. Throws IMAGE_MISSING, REGISTRY_DENIED, ENGINE_FAILED. */
export async function readyImage(reference: string, platform: Platform, options: ReadyOptions, parts: ReadyParts): Promise<void> {
  const { policy, offline, signal } = options;
  const here = await parts.client.images.inspect(reference, signal);
  const fits = here !== undefined && isFor(here, platform);
  if (offline || policy === 'never') {
    if (!fits) throw missing(reference, here, platform, offline ? 'no registry is asked with --offline' : 'no registry is asked with --pull=never');
    return;
  }
  const wanted = nameOf(reference);
  if (wanted === undefined || (fits && (policy === 'missing' || wanted.digest !== undefined))) return;
  try {
    await pull(wanted, platform, options, parts);
  } catch (error) {
    if (policy !== 'newer' || !fits || !(error instanceof StrakeError)) throw error;
    options.warn(`${reference} may be outdated: ${error.message}`);
  }
}

/** Undefined for an ID: no registry knows those. */
function nameOf(reference: string): Reference | undefined {
  return /^(?:sha256:)?[0-9a-f]{12,64}$/.test(reference) ? undefined : parseReference(reference);
}

export function isFor({ Architecture, Os, Variant }: EngineImage, { architecture, os, variant }: Platform): boolean {
  return Os === os && Architecture === architecture && (variant === undefined || Variant === undefined || Variant === '' || Variant === variant);
}

export function missing(reference: string, here: EngineImage | undefined, { os, architecture }: Platform, why?: string): OperatorError {
  const reason = why === undefined ? '' : `, and ${why}`;
  if (here === undefined) return new OperatorError('IMAGE_MISSING', `there is no image ${reference} in the engine${reason}`);
  return new OperatorError('IMAGE_MISSING', `the image ${reference} in the engine is for ${here.Os}/${here.Architecture}, not for ${os}/${architecture}${reason}`);
}

async function pull({ repository, tag, digest }: Reference, { os, architecture, variant }: Platform, options: ReadyOptions, { client, credential }: ReadyParts): Promise<void> {
  const { signal } = options;
  const progress: EngineProgress = (label, current, total) => options.progress(label, current, total);
  const auth = await registryAuth(repository, credential);
  const platform = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
  progress(`pulling ${repository}`, 0);
  try {
    await client.images.pull(repository, { tag: digest ?? tag ?? 'latest', platform, progress, signal, ...(auth === undefined ? {} : { auth }) });
  } catch (error) {
    throw error instanceof EngineError ? explained(error, repository) : error;
  }
}

/** What an engine says of a registry, with the code that a registry's own answer would have. */
export function explained(error: EngineError, repository: string, message = `the engine could not pull ${repository}: ${error.said}`): OperatorError {
  const { said } = error;
  if (/unauthorized|denied|no basic auth credentials|authentication required/i.test(said)) return new OperatorError('REGISTRY_DENIED', message, { cause: error, hint: `Log in: docker login ${repository.split('/', 1)[0] ?? ''}` });
  if (/not found|manifest unknown|does not exist|no matching manifest/i.test(said)) return new OperatorError('IMAGE_MISSING', message, { cause: error });
  if (/dial tcp|no such host|connection refused|timeout|certificate|lookup /i.test(said)) return new OperatorError('REGISTRY_UNREACHABLE', message, { cause: error });
  return new OperatorError('REGISTRY_FAILED', message, { cause: error });
}
