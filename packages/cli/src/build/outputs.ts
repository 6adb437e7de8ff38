import type { OutputOptions } from '../library';
import { parseAnnotation } from './parse-annotation';
import { parseOutput } from './parse-output';

/** The flags that say where a result goes. */
export interface OutputFlags {
  readonly output: readonly string[];
  readonly push: boolean;
  readonly load: boolean;
  readonly annotation: readonly string[];
}

/** Types whose results are images and can be annotated. */
const IMAGES = ['image', 'registry', 'oci', 'docker'];

/**
 * The outputs of a build: those of `--output`; `--push` and `--load` go into one of them that fits, as in buildx, or are outputs of their own;
 * annotations go to every image. Throws UsageError.
 */
export function outputsOf(command: string, { output, push, load, annotation }: OutputFlags): readonly OutputOptions[] {
  const given = output.map((text) => parseOutput(command, text));
  const pushed = push ? withPush(given) : given;
  const loaded = load && !pushed.some(({ type, attributes }) => type === 'docker' && attributes['dest'] === undefined) ? [...pushed, { type: 'docker', attributes: {} }] : pushed;
  if (annotation.length === 0) return loaded;
  const annotations = Object.assign({}, ...annotation.map((text) => parseAnnotation(command, text))) as Readonly<Record<string, string>>;
  const images = loaded.some(({ type }) => IMAGES.includes(type)) ? loaded : [...loaded, { type: 'image', attributes: {} }];
  return images.map((one) => (IMAGES.includes(one.type) ? { ...one, attributes: { ...annotations, ...one.attributes } } : one));
}

function withPush(outputs: readonly OutputOptions[]): readonly OutputOptions[] {
  const fits = ({ type }: OutputOptions): boolean => type === 'image' || type === 'registry';
  if (!outputs.some(fits)) return [...outputs, { type: 'registry', attributes: {} }];
  return outputs.map((one) => (fits(one) ? { ...one, attributes: { ...one.attributes, push: 'true' } } : one));
}
