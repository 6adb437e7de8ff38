import type { Exporter } from '@strake/api';
import { AttributeReader } from '@strake/oci';

/** `type=cacheonly`: nothing is written, and the image gets no name. */
export function cacheonlyExporter(): Exporter {
  return {
    type: 'cacheonly',
    summary: 'nothing but the build cache',
    check: (attributes) => new AttributeReader('cacheonly', attributes).finish(),
    needsLayers: () => false,
    export: async () => ({}),
  };
}
