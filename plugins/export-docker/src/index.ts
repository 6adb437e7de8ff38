import type { Exporter } from '@strake/api';
import { OperatorError } from '@strake/api';
import { checkImageForm, checkLayoutAttributes, exportLayout, readLayoutAttributes, type Store } from '@strake/oci';
import { engineAddress } from './engine-address';
import { loadIntoEngine } from './load-into-engine';

/** What the exporter works with. */
export interface DockerExporterOptions {
  /** Where DOCKER_HOST is looked up. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * `type=docker`: an archive for `docker load`, or, without `dest`, an image in a Docker Engine. An archive is an OCI image layout too, so that one
 * file serves both kinds of readers. Attributes: dest, tar, name, and those of all images.
 */
export function dockerExporter(store: Store, { env }: DockerExporterOptions = { env: process.env }): Exporter {
  return {
    type: 'docker',
    summary: 'an archive for docker load, or without dest an image in a Docker Engine',
    check: (attributes, plan) => {
      if (isArchive(attributes)) {
        checkLayoutAttributes('docker', attributes, plan);
        if (plan?.multiPlatform === true) throw manifestList('an archive of this type cannot hold an image of several platforms', 'Use --output type=oci,dest=FILE, or choose one --platform.');
        return;
      }
      checkImageForm(readLayoutAttributes('docker', attributes).form, plan);
      engineAddress(env);
    },
    export: (request) => (isArchive(request.attributes) ? exportLayout(store, 'docker', request) : loadIntoEngine(store, engineAddress(env), request)),
  };
}

function isArchive({ dest, tar }: Readonly<Record<string, string>>): boolean {
  return dest !== undefined || tar === 'false';
}

function manifestList(message: string, hint: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `--output type=docker: ${message}`, { hint });
}
