import type { Exporter } from '@strake/api';
import { checkLocalAttributes, readLocalAttributes } from './attributes';
import { writeFolder } from './write-folder';

/** `type=local`: the files of a result in a folder. Attributes: dest, mode, platform-split. */
export function localExporter(): Exporter {
  return {
    type: 'local',
    summary: 'the files of the result in a folder',
    wantsTrees: true,
    needsLayers: () => false,
    check: checkLocalAttributes,
    export: (request) => writeFolder(request, readLocalAttributes(request.attributes)),
  };
}
