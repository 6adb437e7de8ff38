import type { BuildOptions, BuildResult } from './build-options';
import type { BuilderConfig } from './builder-config';
import { createBuilder } from './create-builder';

/** Builds one image with a builder of its own, which has the configuration `config`. Throws a `StrakeError`. */
export async function build({ config, ...options }: BuildOptions & { readonly config?: BuilderConfig }): Promise<BuildResult> {
  const builder = await createBuilder(config);
  try {
    return await builder.build(options);
  } finally {
    await builder.close();
  }
}
