import type { ExportRequest, ExportResult } from '@strake/api';
import { CancelledError, OperatorError } from '@strake/api';
import { parseReference, readLayoutAttributes, tarStreamTarget, writeResults, type Store } from '@strake/oci';
import type { EngineAddress } from './engine-address';
import { engineRequest, type EngineAnswer } from './engine-request';

/**
 * Puts an image into a Docker Engine: streams it to `docker load`'s endpoint, or only names it when the engine has it. An index needs an
 * engine with containerd's store. Throws UNSUPPORTED, CANCELLED.
 */
export async function loadIntoEngine(store: Store, address: EngineAddress, request: ExportRequest): Promise<ExportResult> {
  const attributes = readLayoutAttributes('docker', request.attributes);
  const { signal } = request;
  const names = attributes.names ?? request.names;
  try {
    if (request.platforms !== undefined) await refuseWithoutIndexes(address, signal);
    const known = await knownAlready(address, request);
    if (known !== undefined) {
      for (const name of names) await tag(address, known, name, signal);
      return { imageId: known as `sha256:${string}`, names };
    }
    let result: ExportResult = {};
    const answer = await engineRequest(address, 'POST', '/images/load?quiet=1', {
      signal,
      send: async (body) => {
        result = await writeResults(store, () => tarStreamTarget(body), request, { ...attributes, tar: true });
      },
    });
    checkLoaded(answer);
    return result;
  } catch (error) {
    throw signal.aborted ? new CancelledError({ cause: error }) : error;
  }
}

/** The ID of the image when the engine has it. */
async function knownAlready(address: EngineAddress, { images: [image], platforms, signal }: ExportRequest): Promise<string | undefined> {
  if (image === undefined || platforms !== undefined) return undefined;
  const { digest } = image.configDescriptor;
  const { status, text } = await engineRequest(address, 'GET', `/images/${digest}/json`, { signal });
  // An engine with containerd's store knows images by their manifests.
  return status === 200 && text.includes(`"Id":"${digest}"`) ? digest : undefined;
}

async function tag(address: EngineAddress, id: string, name: string, signal: AbortSignal): Promise<void> {
  const { repository, tag: text = 'latest' } = parseReference(name);
  const answer = await engineRequest(address, 'POST', `/images/${id}/tag?repo=${encodeURIComponent(repository)}&tag=${encodeURIComponent(text)}`, { signal });
  if (answer.status !== 201) throw refused(answer, `to name the image ${name}`);
}

async function refuseWithoutIndexes(address: EngineAddress, signal: AbortSignal): Promise<void> {
  const { text } = await engineRequest(address, 'GET', '/info', { signal });
  if (text.includes('io.containerd.snapshotter')) return;
  throw new OperatorError('UNSUPPORTED', 'this Docker Engine cannot hold an image of several platforms', {
    hint: 'Give it containerd\'s image store, choose one --platform, or push the image.',
  });
}

/** Answers begin with 200 and tell of failures in a line of JSON. */
function checkLoaded(answer: EngineAnswer): void {
  const failed = answer.text.split('\n').some((line) => line.includes('"errorDetail"'));
  if (answer.status !== 200 || failed) throw refused(answer, 'to load the image');
}

function refused({ status, text }: EngineAnswer, what: string): OperatorError {
  const said = /"(?:message|error)":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? `status ${status}`;
  return new OperatorError('UNSUPPORTED', `the Docker Engine refused ${what}: ${said}`);
}
