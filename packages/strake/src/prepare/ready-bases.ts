import type { BackendImages, BuildEvent, Digest, Platform, PullPolicy } from '@strake/api';
import { digestOf } from '@strake/oci';

/** Makes ready what a build must know of its base images, and answers the reference that the backend is asked for. */
export interface Bases {
  ready(reference: string, platform: Platform): Promise<string>;
}

/** How base images of a backend that keeps images itself are made ready. */
export interface OwnBasesParts {
  readonly images: BackendImages;
  readonly policy: PullPolicy;
  readonly offline: boolean;
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
}

/** Base images of a backend that keeps images itself. What takes time is shown as a step of its own. */
export class OwnBases implements Bases {
  readonly #parts: OwnBasesParts;

  constructor(parts: OwnBasesParts) {
    this.#parts = parts;
  }

  async ready(reference: string, platform: Platform): Promise<string> {
    const { images, policy, offline, signal, emit } = this.#parts;
    const name = `[internal] pull ${reference}`;
    const vertex: Digest = digestOf(name);
    const note = { name, stage: '' };
    let begun: number | undefined;
    const progress = (label: string, current: number, total?: number): void => {
      if (begun === undefined) emit({ type: 'started', at: Date.now(), vertex, note });
      begun ??= performance.now();
      emit({ type: 'progress', at: Date.now(), vertex, progress: { label, current, ...(total === undefined ? {} : { total }) } });
    };
    const warn = (message: string): void => emit({ type: 'warning', at: Date.now(), diagnostic: { code: 'BaseImageNotChecked', severity: 'warning', message, hint: 'The image of the backend was used.' } });
    await images.ready(reference, platform, { policy, offline, signal, progress, warn });
    if (begun !== undefined) emit({ type: 'done', at: Date.now(), vertex, note, milliseconds: performance.now() - begun });
    return reference;
  }
}
