import type { BuildEvent } from '@strake/api';

/** Shows a build's events to a person or a program. */
export interface Renderer {
  event(event: BuildEvent): void;
  /** The build is over, whatever its end: prints what is owed and gives the terminal back. */
  finish(): void;
}

/** Where a renderer writes: standard error, or a test's list. */
export interface Output {
  write(data: string | Uint8Array): unknown;
}
