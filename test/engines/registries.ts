import { craneRegistryUnmet, startCraneRegistry } from './crane-registry';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from './docker-registry';

/** Real registries of different makers: what one of them forgives, another may not. */
export const registries: readonly { readonly name: string; readonly unmet: () => string | undefined; readonly start: () => Promise<TestRegistry> }[] = [
  { name: 'the distribution registry', unmet: dockerRegistryUnmet, start: () => startDockerRegistry() },
  { name: "go-containerregistry's registry", unmet: craneRegistryUnmet, start: startCraneRegistry },
];
