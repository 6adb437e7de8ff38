import type { Engine } from './engine';
import { hasStatus } from './engine-errors';

/** `GET /volumes` */
export interface EngineVolume {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** Volumes of an engine. All methods throw what `Engine.open` does. */
export class Volumes {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Makes one, or does nothing when there is one of the name. `driverOptions` are those of the driver `local`: `type`, `device`, `o`. */
  async create(name: string, labels: Readonly<Record<string, string>>, driverOptions: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.engine.bytes({ what: 'make a volume', method: 'POST', path: '/volumes/create', json: { Name: name, Labels: labels, DriverOpts: driverOptions } });
  }

  async list(label: string): Promise<readonly EngineVolume[]> {
    const { Volumes: found } = await this.engine.json<{ readonly Volumes: readonly EngineVolume[] | null }>({ what: 'list volumes', method: 'GET', path: '/volumes', query: { filters: JSON.stringify({ label: [label] }) } });
    return found ?? [];
  }

  /** Nothing happens when it is gone. False when something uses it. */
  async remove(name: string): Promise<boolean> {
    try {
      await this.engine.bytes({ what: 'remove a volume', method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}` });
      return true;
    } catch (error) {
      if (hasStatus(error, 409)) return false;
      if (hasStatus(error, 404)) return true;
      throw error;
    }
  }
}
