import type { Descriptor } from '@strake/api';
import { formatReference, parseReference } from '../image/reference';
import type { DockerEntry } from './load-docker';
import type { Intake } from './intake';

/**
 * The names that an index gives an image: containerd's annotation, else OCI's where it is a whole reference. A tag alone
 * (`latest`) names nothing: nobody knows of what.
 */
export function namesInIndex({ annotations }: Descriptor): readonly string[] {
  const name = annotations?.['io.containerd.image.name'] ?? wholeReference(annotations?.['org.opencontainers.image.ref.name']);
  const normal = name === undefined ? undefined : normalised(name);
  return normal === undefined ? [] : [normal];
}

/** The names in a Docker archive. Throws IMAGE_INVALID for one that is none. */
export function namesInDocker({ names }: DockerEntry, intake: Intake): readonly string[] {
  return names.map((name) => {
    const normal = normalised(name);
    if (normal === undefined) throw intake.invalid(`manifest.json has the invalid name ${JSON.stringify(name.slice(0, 300))}`);
    return normal;
  });
}

function wholeReference(name: string | undefined): string | undefined {
  return name !== undefined && /[:/]/.test(name) ? name : undefined;
}

function normalised(name: string): string | undefined {
  try {
    const reference = parseReference(name);
    return reference.digest === undefined ? formatReference(reference) : undefined;
  } catch {
    return undefined;
  }
}
