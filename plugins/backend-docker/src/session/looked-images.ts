import { TargetFiles } from '../copy/target-files';
import type { EngineClient } from '../engine';
import type { Temporary } from './temporary';

/** Images that a build looks into: an engine shows files only in a container, which is never started. */
export class LookedImages {
  private readonly parts: { readonly client: EngineClient; readonly temporary: Temporary; readonly signal: AbortSignal };
  private readonly looked = new Map<string, Promise<TargetFiles>>();

  constructor(parts: LookedImages['parts']) {
    this.parts = parts;
  }

  /** A container of an image; its ID. It goes with the build. */
  async container(image: string): Promise<string> {
    const { client: { containers }, temporary, signal } = this.parts;
    const id = await containers.create({ Image: image, Entrypoint: ['/'], Cmd: [], Labels: temporary.labels, HostConfig: { NetworkMode: 'none' } }, { signal });
    temporary.addContainer(id);
    return id;
  }

  /** What is in an image, each looked into by one container. */
  files(image: string): Promise<TargetFiles> {
    const known = this.looked.get(image) ?? this.container(image).then((id) => new TargetFiles(this.parts.client.containers, id, this.parts.signal));
    this.looked.set(image, known);
    return known;
  }
}
