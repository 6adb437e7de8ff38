import { OperatorError, type CachePlaceType } from '@strake/api';
import { parseReference, type Store } from '@strake/oci';
import type { RegistryClient } from '@strake/registry';
import { RegistryReader } from './registry-reader';
import { RegistryWriter } from './registry-writer';

/** What caches in registries work with. */
export interface RegistryCacheParts {
  readonly store: Store;
  /** Asked when a cache is read or written; `insecure` are hosts that may be so. */
  readonly client: (insecure: readonly string[]) => Promise<RegistryClient>;
}

type Attributes = Readonly<Record<string, string>>;

/** `type=registry`: a cache under a reference of its own, or in an image. */
export function registryCache({ store, client }: RegistryCacheParts): CachePlaceType {
  const clientOf = (attributes: Attributes, reference: string, option: string): (() => Promise<RegistryClient>) => {
    const insecure = flag(attributes, 'registry.insecure', option) ? [hostOf(reference)] : [];
    return () => client(insecure);
  };
  return {
    type: 'registry',
    summary: 'a repository of a registry',
    network: true,
    from: {
      attributes: ['ref', 'registry.insecure'],
      open: (attributes) => {
        const reference = required(attributes, '--cache-from');
        return new RegistryReader(reference, clientOf(attributes, reference, '--cache-from'));
      },
    },
    to: {
      attributes: ['ref', 'registry.insecure'],
      open: (attributes) => {
        const reference = required(attributes, '--cache-to');
        if (parseReference(reference).digest !== undefined) {
          throw new OperatorError('USAGE', `--cache-to type=registry: ref=${reference} has a digest`, { hint: 'What is written has a digest of its own: name a tag.' });
        }
        return new RegistryWriter(reference, store, clientOf(attributes, reference, '--cache-to'));
      },
    },
  };
}

function required({ ref }: Attributes, option: string): string {
  if (!ref) throw new OperatorError('USAGE', `${option} type=registry needs ref`, { hint: `Write ${option} type=registry,ref=registry.example.com/name:tag.` });
  parseReference(ref);
  return ref;
}

const hostOf = (reference: string): string => parseReference(reference).repository.split('/', 1)[0] ?? '';

function flag(attributes: Attributes, name: string, option: string): boolean {
  const value = attributes[name] ?? 'false';
  if (/^(?:|1|t|true)$/i.test(value)) return true;
  if (/^(?:0|f|false)$/i.test(value)) return false;
  throw new OperatorError('USAGE', `${option} type=registry: ${name}=${value} is not valid`, { hint: 'Choose true or false.' });
}
