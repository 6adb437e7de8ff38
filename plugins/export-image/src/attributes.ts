import { OperatorError, type ExportPlan } from '@strake/api';
import { AttributeReader, parseReference, readImageForm, readNames, type ImageForm } from '@strake/oci';

/** What `--output type=image,…` and `type=registry,…` take. */
export interface ImageAttributes {
  /** Normalised; instead of the build's names. */
  readonly names: readonly string[] | undefined;
  readonly push: boolean;
  /** Under the digest alone, without a tag. */
  readonly byDigest: boolean;
  readonly insecure: boolean;
  /** Whether names in the store are set. */
  readonly store: boolean;
  /** A further name `NAME@DIGEST` for each. */
  readonly canonical: boolean;
  /** A further name `PREFIX@DIGEST`. */
  readonly danglingPrefix: string | undefined;
  /** Only where there is no other name. */
  readonly danglingOnly: boolean;
  readonly form: ImageForm;
}

/** Reads the attributes. Throws USAGE, UNSUPPORTED, REFERENCE_INVALID. */
export function readImageAttributes(type: 'image' | 'registry', attributes: Readonly<Record<string, string>>): ImageAttributes {
  const reader = new AttributeReader(type, attributes);
  const push = reader.flag('push') ?? type === 'registry';
  reader.refuse('unpack', { unless: ['false'], because: 'Leave it out: the store unpacks an image when something is built on it.' });
  const written = reader.text('name') ?? '';
  const read: ImageAttributes = {
    names: readNames(reader),
    push,
    byDigest: reader.flag('push-by-digest') ?? false,
    insecure: reader.flag('registry.insecure') ?? false,
    store: reader.flag('store') ?? true,
    canonical: reader.flag('name-canonical') ?? false,
    danglingPrefix: reader.text('dangling-name-prefix'),
    // The misspelling is the name of the attribute.
    danglingOnly: reader.flag('danging-name-empty-only') ?? false,
    form: readImageForm(reader, push ? 'gzip' : 'none'),
  };
  reader.finish();
  if (read.danglingPrefix !== undefined) parseReference(read.danglingPrefix);
  if (read.byDigest && written.split(',').some(hasTag)) throw reader.invalid('push-by-digest', 'What is pushed by its digest has no tag: leave it out of the name.');
  if (!push && read.byDigest) throw reader.invalid('push-by-digest', 'Add push=true.');
  if (!push && read.insecure) throw reader.invalid('registry.insecure', 'Add push=true.');
  return read;
}

/** What only the build knows. Throws USAGE. */
export function checkImageAttributes(type: string, { push, store, names, byDigest }: ImageAttributes, plan?: ExportPlan): void {
  if (!store && !push) throw new OperatorError('USAGE', `--output type=${type},store=false does nothing without push=true`, { hint: 'Use type=cacheonly to build without an image.' });
  if (plan === undefined || !push) return;
  if ((names ?? plan.names).length === 0) throw new OperatorError('USAGE', 'a tag is needed when pushing to a registry', { hint: 'Add -t registry.example.com/name:tag, or name= to the output.' });
  if (byDigest && names === undefined) throw new OperatorError('USAGE', 'push-by-digest needs a name without a tag', { hint: 'Write name=registry.example.com/name in the output instead of -t.' });
}

const hasTag = (name: string): boolean => /:[^/]*$/.test(name.split('@', 1)[0] ?? '');
