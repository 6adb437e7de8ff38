import { formatPlatform, OperatorError, parsePlatform, type ExportPlan, type Platform } from '@strake/api';
import type { AttributeReader } from './attribute-reader';

const TARGETS = ['manifest', 'manifest-descriptor', 'index', 'index-descriptor'] as const;

/** What an annotation is written on. */
export type AnnotationTarget = (typeof TARGETS)[number];

/** One annotation of an output (image-spec annotations.md). */
export interface Annotation {
  readonly target: AnnotationTarget;
  /** `linux/amd64`: of that platform's image only. */
  readonly platform: string | undefined;
  readonly key: string;
  readonly value: string;
}

/** Reads `annotation.KEY`, `annotation-manifest[linux/amd64].KEY` and their like, as BuildKit writes them. Throws USAGE. */
export function readAnnotations(reader: AttributeReader): readonly Annotation[] {
  return reader.matching(/^annotation(?:-([a-z-]+))?(?:\[([A-Za-z0-9_/-]+)\])?\.(\S+)$/).map(([name, value, [, word = 'manifest', platform, key = '']]) => {
    const target = TARGETS.find((one) => one === word);
    if (target === undefined) throw reader.invalid(name, `Annotations are for ${TARGETS.join(', ')}.`);
    return { target, platform: platform === undefined ? undefined : formatPlatform(parsePlatform(platform)), key, value };
  });
}

/** The annotations of one target, those of a platform over those of all; undefined when there are none. */
export function annotationsOf(annotations: readonly Annotation[], target: AnnotationTarget, platform?: Platform): Readonly<Record<string, string>> | undefined {
  const own = platform === undefined ? undefined : formatPlatform(platform);
  const fitting = annotations.filter((one) => one.target === target && (one.platform === undefined || one.platform === own));
  if (fitting.length === 0) return undefined;
  const general = fitting.filter((one) => one.platform === undefined);
  const sorted = [...general, ...fitting.filter((one) => one.platform !== undefined)].map(({ key, value }) => [key, value] as const);
  // Go writes maps sorted.
  return Object.fromEntries([...new Map(sorted)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Refuses annotations of a platform or an index that the result will not have. Throws USAGE. */
export function checkAnnotations(annotations: readonly Annotation[], { platforms, multiPlatform }: ExportPlan): void {
  const made = platforms.map(formatPlatform);
  for (const { target, platform } of annotations) {
    if (!multiPlatform && target.startsWith('index')) {
      throw new OperatorError('USAGE', 'index annotations need several platforms', { hint: 'One image has no index: annotate its manifest.' });
    }
    if (platform !== undefined && !made.includes(platform)) {
      throw new OperatorError('USAGE', `there is no platform ${platform} to annotate`, { hint: `The build is for ${made.join(', ')}.` });
    }
  }
}
