import type { BuildContext } from '@strake/api';
import { OperatorError } from '@strake/api';
import { parseReference } from '@strake/oci';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BuildOptions } from '../build/build-options';
import { recogniseSource } from '../input/bring-source';
import type { ContextInput } from '../input/context-input';
import { MOST_BYTES, type InputParts } from '../input/open-input';
import { openContext } from '../prepare/open-context';
import { aboutValue, shownValue } from './about-value';
import { bringDirectory, givenDirectory, type BroughtDirectory } from './bring-directory';
import { layoutImage } from './layout-image';
import type { NamedImage } from './named-image';

/** `--build-context`: what takes the place of a name. */
export interface NamedContexts {
  /** Trees to copy from. */
  readonly directories: ReadonlyMap<string, BuildContext>;
  readonly images: ReadonlyMap<string, NamedImage>;
  /** From the name to a stage's. */
  readonly stages: ReadonlyMap<string, string>;
  /** Removes what was brought in for this build. */
  release(): void;
}

const FORMS = 'a directory, a git or http(s) URL, docker-image://REF, oci-layout://PATH[:TAG][@DIGEST] or target:STAGE';

/**
 * Opens named contexts, and brings those from outside. Errors name the flag's value.
 * Throws USAGE, CONTEXT_MISSING, CONTEXT_INVALID, IMAGE_INVALID, IMAGE_MISSING, REFERENCE_INVALID and what providers throw.
 */
export async function namedContexts({ buildContexts = {}, contextLimit = MOST_BYTES }: BuildOptions, parts: InputParts): Promise<NamedContexts> {
  const opening = new Opening(parts, contextLimit);
  try {
    for (const [name, value] of Object.entries(buildContexts)) {
      if (typeof value === 'string') await aboutValue(shownValue(name, value), () => opening.open(name, value));
      else await aboutValue(`--build-context ${name}`, () => opening.given(name, value));
    }
    return opening;
  } catch (error) {
    opening.release();
    throw error;
  }
}

class Opening implements NamedContexts {
  readonly directories = new Map<string, BuildContext>();
  readonly images = new Map<string, NamedImage>();
  readonly stages = new Map<string, string>();
  readonly #brought: BroughtDirectory[] = [];

  constructor(
    private readonly parts: InputParts,
    private readonly limit: number,
  ) {}

  async open(name: string, value: string): Promise<void> {
    const shown = shownValue(name, value);
    const [scheme, rest] = split(value);
    if (scheme === 'target') this.stages.set(name, stageName(rest));
    else if (scheme === 'docker-image') this.images.set(name, imageNamed(rest, shown));
    else if (scheme === 'oci-layout') this.images.set(name, await layoutImage(rest, shown, this.parts));
    else await this.#tree(name, value, scheme);
  }

  async given(name: string, input: Exclude<ContextInput, string>): Promise<void> {
    const brought = await givenDirectory(input, name, this.limit, this.parts);
    this.#brought.push(brought);
    this.directories.set(name, brought.context);
  }

  release(): void {
    for (const brought of this.#brought.splice(0)) brought.release();
  }

  /** As in docker a directory goes before a repository of the same name. */
  async #tree(name: string, value: string, scheme: string | undefined): Promise<void> {
    const { store, cwd, signal } = this.parts;
    const directory = resolve(cwd, value);
    const remote = existsSync(directory) ? undefined : recogniseSource(value, this.parts);
    if (remote !== undefined) {
      const brought = await bringDirectory(remote, name, this.limit, this.parts);
      this.#brought.push(brought);
      this.directories.set(name, brought.context);
    } else if (scheme !== undefined) {
      throw new OperatorError('USAGE', `${scheme}:// is not known`, { hint: `Give ${FORMS}.` });
    } else {
      this.directories.set(name, openContext(directory, { name: value, store, signal })());
    }
  }
}

function split(value: string): readonly [scheme: string | undefined, rest: string] {
  const match = /^(?:(target):|([a-z][a-z0-9+.-]*):\/\/)(.*)$/s.exec(value);
  return match === null ? [undefined, value] : [match[1] ?? match[2], match[3] ?? ''];
}

function stageName(name: string): string {
  if (name !== '') return name;
  throw new OperatorError('USAGE', 'it names no stage', { hint: 'Write target:STAGE.' });
}

function imageNamed(reference: string, shown: string): NamedImage {
  parseReference(reference);
  return { shown, reference: () => reference };
}
