import type { Exporter } from '@strake/api';
import { checkLayoutAttributes, exportLayout, type Store } from '@strake/oci';

/**
 * `type=docker`: an archive for `docker load`. It is an OCI image layout too, so that one file serves both kinds of
 * readers. Attributes: dest, tar, name, compression.
 */
export function dockerExporter(store: Store): Exporter {
  return {
    type: 'docker',
    summary: 'an archive for docker load',
    check: (attributes, plan) => checkLayoutAttributes('docker', attributes, plan),
    export: (request) => exportLayout(store, 'docker', request),
  };
}
