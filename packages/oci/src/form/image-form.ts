import { OperatorError, type ExportPlan } from '@strake/api';
import { DEFAULT_LEVELS, type LayerCompression } from '../compression/layer-compression';
import { checkZstd } from '../compression/zstd';
import { checkAnnotations, readAnnotations, type Annotation } from './annotations';
import type { AttributeReader } from './attribute-reader';

/** What an image is to look like outside the store; its config, and so its ID, stays. */
export interface ImageForm {
  readonly compression: LayerCompression;
  /** Also of layers that are compressed already, in another way. */
  readonly force: boolean;
  /** Docker's media types instead of OCI's. */
  readonly docker: boolean;
  readonly annotations: readonly Annotation[];
}

/** The attributes that BuildKit's image exporters share, with its names. `standard` is the compression where none is given. Throws USAGE, UNSUPPORTED. */
export function readImageForm(reader: AttributeReader, standard: 'none' | 'gzip'): ImageForm {
  reader.refuse('compression', { unless: ['uncompressed', 'none', 'gzip', 'zstd'], because: 'Choose uncompressed, gzip or zstd.' });
  reader.refuse('prefer-nondist-layers', { unless: ['false'], because: 'Leave it out: every layer is kept in the store and can be distributed.' });
  reader.refuse('attestation-inline', { unless: ['false'], because: 'Attestations are not made yet.' });
  reader.refuse('oci-artifact', { unless: ['false'], because: 'Attestations are not made yet.' });
  reader.refuse('source-date-epoch', { because: 'Give the whole build one: --build-arg SOURCE_DATE_EPOCH=SECONDS.' });
  // Whether a build with an epoch may leave times alone is for the build to say.
  reader.flag('rewrite-timestamp');
  const kind = reader.choice('compression', ['uncompressed', 'none', 'gzip', 'zstd']) ?? standard;
  return {
    compression: readCompression(reader, kind === 'uncompressed' ? 'none' : kind),
    force: reader.flag('force-compression') ?? false,
    docker: reader.flag('oci-mediatypes') === false,
    annotations: readAnnotations(reader),
  };
}

/** Refuses what the machine or the result cannot have. Throws USAGE, UNSUPPORTED. */
export function checkImageForm({ compression, docker, annotations }: ImageForm, plan?: ExportPlan): void {
  if (compression.kind === 'zstd') checkZstd();
  if (docker && annotations.some(({ target }) => target !== 'manifest')) {
    throw new OperatorError('USAGE', 'Docker\'s media types have no annotations of descriptors and indexes', { hint: 'Leave out oci-mediatypes=false.' });
  }
  if (plan !== undefined) checkAnnotations(annotations, plan);
}

function readCompression(reader: AttributeReader, kind: LayerCompression['kind']): LayerCompression {
  if (kind === 'none') {
    if (reader.text('compression-level') !== undefined) throw reader.invalid('compression-level', 'What is not compressed has no level: add compression=gzip.');
    return { kind };
  }
  // As in BuildKit 0 is zstd's own default.
  const level = kind === 'gzip' ? reader.integer('compression-level', 0, 9) : reader.integer('compression-level', 0, 22) || undefined;
  return { kind, level: level ?? DEFAULT_LEVELS[kind] };
}
