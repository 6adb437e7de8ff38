import type { TestFunction } from '../instruction-test';
import { changes, reproducibility } from './backend-changes';
import { programs } from './backend-programs';
import { questions } from './backend-questions';
import { Laboratory, type BackendSubject } from './laboratory';
import type { Law } from './law';

/** What a backend is not held to, because it or this machine cannot do it. */
export interface BackendConformanceOptions {
  /** It makes nothing: a dry run. */
  readonly onlyAnswers?: boolean;
  /** It runs no programs here. */
  readonly runsNothing?: boolean;
  /** Its layers are another's work, and have the times of that. */
  readonly notReproducible?: boolean;
}

/**
 * Holds a backend to the laws of backends, a test for each law. `make` is called for each test: what it answers may share an
 * engine with others, but not a session. A law about what a backend's capabilities do not name holds by itself.
 */
export function backendConformance(make: () => Promise<BackendSubject>, test: TestFunction, options: BackendConformanceOptions = {}): void {
  for (const { name, needs, holds } of lawsFor(options)) {
    test(`backend: ${name}`, async () => {
      const laboratory = new Laboratory(await make());
      try {
        if (needs?.(laboratory.subject.backend.capabilities) !== false) await holds(laboratory);
      } finally {
        await laboratory.close();
      }
    });
  }
}

function lawsFor({ onlyAnswers = false, runsNothing = false, notReproducible = false }: BackendConformanceOptions): readonly Law[] {
  if (onlyAnswers) return questions;
  return [...questions, ...changes, ...(notReproducible ? [] : [reproducibility]), ...(runsNothing ? [] : programs)];
}
