import type { Exporter } from '@strake/api';
import { checkTarAttributes, readTarAttributes } from './attributes';
import { writeTar } from './write-tar';

/** `type=tar`: the files of a result as a tar. Attributes: dest, platform-split. */
export function tarExporter(): Exporter {
  return {
    type: 'tar',
    summary: 'the files of the result as a tar',
    wantsTrees: true,
    needsLayers: () => false,
    check: checkTarAttributes,
    export: (request) => writeTar(request, readTarAttributes(request.attributes)),
  };
}
