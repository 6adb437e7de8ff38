import type { BuildEvent } from '@strake/api';
import type { Output, Renderer } from './renderer';
import { StatusTranslator } from './solve-status';

/** `--progress rawjson`: one JSON object a line, readable by whatever reads buildx's. */
export class RawJsonRenderer implements Renderer {
  private readonly translator = new StatusTranslator();

  constructor(private readonly output: Output) {}

  event(event: BuildEvent): void {
    const status = this.translator.translate(event);
    if (status !== undefined) this.output.write(`${JSON.stringify(status)}\n`);
  }

  finish(): void {
    // every line stands for itself
  }
}
