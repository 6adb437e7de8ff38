import { OperatorError, type BackendImages, type Exporter, type ExportRequest, type ExportResult } from '@strake/api';
import { formatReference, parseReference } from '@strake/oci';
import { imageIdOf } from '../build/image-id';

type Attributes = Readonly<Record<string, string>>;

/** What is about names, and not about the form of an image. */
const OF_NAMES = new Set(['name', 'push', 'store', 'tar']);
/** Names of strake's own store. */
const OF_THE_STORE = ['name-canonical', 'dangling-name-prefix', 'danging-name-empty-only'];

/**
 * An exporter of images where the backend may be an engine that keeps them itself: `type=docker` without a file and `type=image` only give the result its names there; what is
 * pushed gets them there too, and none in strake's store.
 */
export function intoBackend(exporter: Exporter, images: () => BackendImages | undefined): Exporter {
  const { type } = exporter;
  const isOnlyNamed = (attributes: Attributes): boolean => images() !== undefined && (type === 'docker' ? attributes['dest'] === undefined && attributes['tar'] !== 'false' : !isPushed(type, attributes));
  return {
    ...exporter,
    needsLayers: (attributes) => !isOnlyNamed(attributes),
    check: (attributes, plan) => {
      exporter.check(attributes, plan);
      if (images() !== undefined) refuseOthers(type, attributes, isOnlyNamed(attributes));
    },
    export: async (request) => {
      const kept = images();
      if (kept === undefined || (type === 'docker' && !isOnlyNamed(request.attributes))) return exporter.export(request);
      const pushed = isOnlyNamed(request.attributes) ? undefined : await exporter.export({ ...request, attributes: { ...request.attributes, store: 'false' } });
      return isFalse(request.attributes['store']) && pushed !== undefined ? pushed : { ...(await nameIn(kept, request)), ...pushed };
    },
  };
}

const isPushed = (type: string, { push }: Attributes): boolean => (push === undefined ? type === 'registry' : !isFalse(push));

const isFalse = (value: string | undefined): boolean => /^(?:0|f|false)$/i.test(value ?? '');

function refuseOthers(type: string, attributes: Attributes, isOnlyNamed: boolean): void {
  const other = Object.keys(attributes).find((name) => (isOnlyNamed ? !OF_NAMES.has(name) : OF_THE_STORE.includes(name) && type !== 'docker'));
  if (other === undefined) return;
  throw new OperatorError('UNSUPPORTED', `--output type=${type}: ${other} has no place in the backend, which keeps images as it has made them`, { hint: 'Leave it out, or write the image to a file or a registry.' });
}

async function nameIn(images: BackendImages, { images: [image], names: given, attributes }: ExportRequest): Promise<ExportResult> {
  if (image === undefined) return {};
  const id = imageIdOf(image);
  const names = attributes['name']?.split(',').filter((name) => name !== '').map((name) => formatReference(parseReference(name))) ?? given;
  for (const name of names) await images.tag(id, name);
  return { imageId: id, names };
}
