import type { BackendCapabilities } from '@strake/api';
import type { Laboratory } from './laboratory';

/** A law of backends: what it says, and what shows it. */
export interface Law {
  readonly name: string;
  /** What a backend must be able to do for the law to mean anything; without it all are held to it. */
  readonly needs?: (capabilities: BackendCapabilities) => boolean;
  /** Throws an `AssertionError`. */
  readonly holds: (laboratory: Laboratory) => Promise<void>;
}
