import { OperatorError } from '@strake/api';
import type { Compose } from '../compose/compose-image';
import type { EngineClient, EngineImage } from '../engine';
import { hasInit } from '../run/init-archive';
import { StepContainer } from '../run/step-container';
import type { StepSpec } from '../run/step-spec';
import type { Temporary } from './temporary';

/** What containers of a build are made with. */
export interface StepContainersParts {
  readonly client: EngineClient;
  readonly compose: Compose;
  readonly temporary: Temporary;
  /** A private directory of this machine. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Makes the containers of a build, all of which go with it. */
export class StepContainers {
  private readonly parts: StepContainersParts;

  constructor(parts: StepContainersParts) {
    this.parts = parts;
  }

  /** One for steps, that begins with an image; null for nothing. Throws UNSUPPORTED for architectures that our first process is not made for. */
  async open(base: EngineImage | null, spec: StepSpec): Promise<StepContainer> {
    const { client, temporary, scratch, signal } = this.parts;
    const architecture = await this.architecture(base);
    if (!hasInit(architecture)) throw new OperatorError('UNSUPPORTED', `steps for ${architecture} cannot share a container`, { hint: 'With --cache classic the engine itself builds them.' });
    const image = await this.bare(base, architecture);
    const container = await StepContainer.open({ client, image, architecture, spec, labels: temporary.labels, scratch, isEmpty: base === null, signal });
    temporary.addContainer(container.id);
    return container;
  }

  /** One that has nothing in it but volumes, and is never started; its ID. */
  async forVolumes(volumes: readonly object[]): Promise<string> {
    const { client, temporary, signal } = this.parts;
    const Image = await this.bare(null, await this.architecture(null));
    const id = await client.containers.create({ Image, Entrypoint: ['/'], Cmd: [], Labels: temporary.labels, HostConfig: { NetworkMode: 'none', Mounts: volumes } }, { signal });
    temporary.addContainer(id);
    return id;
  }

  /** That of an image; of the engine's machine for nothing. */
  async architecture(base: EngineImage | null): Promise<string> {
    if (base !== null) return base.Architecture;
    const { Architecture } = await this.parts.client.info();
    return { x86_64: 'amd64', aarch64: 'arm64' }[Architecture] ?? Architecture;
  }

  /** An image without volumes, which would take what is written into them: the same layers, no config. */
  private async bare(base: EngineImage | null, architecture: string): Promise<string> {
    const { compose, temporary } = this.parts;
    if (base !== null && Object.keys((base.Config?.['Volumes'] as object | null) ?? {}).length === 0) return base.Id;
    const { made: { Id } } = await compose({ config: { architecture, os: base?.Os ?? 'linux', config: { Labels: temporary.labels } }, history: [], layers: base?.RootFS.Layers ?? [], from: base });
    temporary.addImage(Id, false);
    return Id;
  }
}
