import type { Exporter } from '@strake/api';
import { checkLayoutAttributes, exportLayout, type Store } from '@strake/oci';

/** `type=oci`: an OCI image layout, as an archive or (`tar=false`) as a folder. Attributes: dest, tar, name, compression. */
export function ociExporter(store: Store): Exporter {
  return {
    type: 'oci',
    summary: 'an OCI image layout: an archive, or a folder with tar=false',
    check: (attributes, plan) => checkLayoutAttributes('oci', attributes, plan),
    export: (request) => exportLayout(store, 'oci', request),
  };
}
