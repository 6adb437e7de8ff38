import type { Renderer } from './renderer';

/** `--progress quiet`: nothing at all; the command prints the image ID itself. */
export class QuietRenderer implements Renderer {
  event(): void {
    // quiet
  }

  finish(): void {
    // quiet
  }
}
