import type { BackendImages, Exporter, ExportRequest, ExportResult } from '@strake/api';

/** `type=docker` without a file, where the backend is an engine that has the result already: it only gets its names. */
export function intoBackend(exporter: Exporter, images: () => BackendImages | undefined): Exporter {
  const isKept = ({ dest, tar }: Readonly<Record<string, string>>): boolean => dest === undefined && tar !== 'false' && images() !== undefined;
  return {
    ...exporter,
    needsLayers: (attributes) => !isKept(attributes),
    export: async (request) => {
      const kept = isKept(request.attributes) ? images() : undefined;
      return kept === undefined ? exporter.export(request) : nameIn(kept, request);
    },
  };
}

async function nameIn(images: BackendImages, { images: [image], names }: ExportRequest): Promise<ExportResult> {
  if (image === undefined) return {};
  const id = image.configDescriptor.digest;
  for (const name of names) await images.tag(id, name);
  return { imageId: id, names };
}
