import type { Platform } from '@strake/api';
import { endPrograms } from '@strake/backend-embedded';
import { parsePlatform } from '@strake/core';
import { findImage, formatReference, hostPlatform, parseReference, type Store } from '@strake/oci';
import type { PlatformChoice, RegistryWork } from '@strake/registry';
import { rememberDigest } from '../images/registry-digests';
import { parsePlace } from '../prepare/parse-place';
import type { PlatformOptions, PulledImage, Registries, RegistryOptions } from './registries-types';
import type { RegistryAccess } from './registry-access';
import { untagged } from './untagged';

/** What the work is done with. */
export interface RegistriesParts {
  readonly access: RegistryAccess;
  /** Opened when it is needed: logging in needs none. */
  readonly store: () => Store;
  readonly cwd: string;
}

/** Work with registries. */
export function openRegistries({ access, store, cwd }: RegistriesParts): Registries {
  const client = (options: RegistryOptions = {}): ReturnType<RegistryAccess['client']> => access.client(options.insecure);
  const pull = async (reference: string, options: RegistryOptions & PlatformOptions = {}): Promise<PulledImage> => {
    const name = formatReference(parseReference(reference));
    const before = store().names.get(name)?.manifest.digest;
    // As a build does: a pull that was killed leaves its folders to the next one.
    store().reclaim((directory) => endPrograms(store(), directory));
    const { descriptor } = await (await client(options)).pull(store(), reference, { ...choiceOf(options), platform: platformOf(options) }, workOf(options));
    rememberDigest(store(), descriptor.digest, name, descriptor.digest);
    return { name, manifest: descriptor, upToDate: before === descriptor.digest };
  };
  return {
    pull,
    pullAllTags: async (repository, options = {}) => {
      const pulled: PulledImage[] = [];
      for (const tag of await (await client(options)).tags(untagged(repository), workOf(options))) {
        options.onBegin?.(`${untagged(repository)}:${tag}`);
        const image = await pull(`${untagged(repository)}:${tag}`, options);
        options.onTag?.(image);
        pulled.push(image);
      }
      return pulled;
    },
    push: async (name, options = {}) => {
      const source = options.source ?? name;
      // Before anything is asked: it may not be there.
      const { manifest } = findImage(store(), source);
      const { descriptor } = await (await client(options)).push(store(), source, name, choiceOf(options), workOf(options));
      rememberDigest(store(), manifest.digest, name, descriptor.digest);
      return descriptor;
    },
    namesOf: async (repository) => {
      const { repository: wanted } = parseReference(untagged(repository));
      return store().names.list().map(({ name }) => name).filter((name) => parseReference(name).repository === wanted && parseReference(name).digest === undefined);
    },
    copy: async (from, to, options = {}) => {
      const [source, target] = [parsePlace(from, { store, cwd }), parsePlace(to, { store, cwd })];
      const choice = options.allPlatforms === true ? { allPlatforms: true } : { ...choiceOf(options), platform: platformOf(options) };
      return (await (await client(options)).copy(source, target, choice, workOf(options))).descriptor;
    },
    logIn: async (server, { username, password, ...options }) => (await client(options)).logIn({ server, username, password, signal: options.signal }),
    checkLogIn: async (server, { username, password, ...options }) => (await client(options)).checkLogIn({ server, username, password, signal: options.signal }),
    logOut: async (server) => (await client()).logOut(server),
    userOf: async (server) => (await client()).userOf(server),
    digestOf: async (reference, options = {}) => (await client(options)).digestOf(reference, workOf(options)),
  };
}

function workOf({ signal, onProgress }: RegistryOptions): RegistryWork {
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { progress: onProgress }) };
}

function choiceOf({ platform, allPlatforms }: PlatformOptions): PlatformChoice {
  return { ...(platform === undefined ? {} : { platform: parsePlatform(platform), exact: true }), ...(allPlatforms === undefined ? {} : { allPlatforms }) };
}

function platformOf({ platform }: PlatformOptions): Platform {
  return platform === undefined ? hostPlatform() : parsePlatform(platform);
}
