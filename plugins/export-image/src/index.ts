import type { Exporter } from '@strake/api';
import { checkImageForm, type Store } from '@strake/oci';
import type { RegistryClient } from '@strake/registry';
import { checkImageAttributes, readImageAttributes } from './attributes';
import { exportImage } from './export-image';

/** What the exporters of images work with. */
export interface ImageExporterParts {
  readonly store: Store;
  /** Asked only to push; `insecure` are hosts that may be so. */
  readonly client: (insecure: readonly string[]) => Promise<RegistryClient>;
}

/** `type=image`: an image under its names in the store, and with push=true in registries. */
export function imageExporter(parts: ImageExporterParts): Exporter {
  return exporterOf('image', 'an image in the store, and with push=true in a registry', parts);
}

/** `type=registry`: as `type=image,push=true`. */
export function registryExporter(parts: ImageExporterParts): Exporter {
  return exporterOf('registry', 'an image in a registry', parts);
}

function exporterOf(type: 'image' | 'registry', summary: string, parts: ImageExporterParts): Exporter {
  return {
    type,
    summary,
    check: (attributes, plan) => {
      const read = readImageAttributes(type, attributes);
      checkImageForm(read.form, plan);
      checkImageAttributes(type, read, plan);
    },
    export: (request) => exportImage(parts, request, readImageAttributes(type, request.attributes)),
  };
}
