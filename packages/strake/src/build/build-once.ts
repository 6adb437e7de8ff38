import type { BuildOptions, BuildResult, Given } from './build-options';
import type { BuilderConfig } from '../builder/builder-config';
import { createBuilder } from '../builder/create-builder';

/** Builds one image with a builder of its own, which has the configuration `config`. Throws a `StrakeError`. */
export async function build({ config, ...options }: Given<BuildOptions> & { readonly config?: BuilderConfig | undefined }): Promise<BuildResult> {
  const builder = await createBuilder(config);
  try {
    return await builder.build(options);
  } finally {
    await builder.close();
  }
}
