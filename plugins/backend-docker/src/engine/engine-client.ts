import { Containers } from './containers';
import { Engine } from './engine';
import type { EngineChoice } from './engine-address';
import { findEngine } from './find-engine';
import { EngineImages } from './images';
import { Volumes } from './volumes';

/** `GET /info`, as far as it is used. */
export interface EngineInfo {
  readonly ID: string;
  readonly Driver: string;
  readonly DriverStatus: readonly (readonly [name: string, value: string])[] | null;
  readonly Architecture: string;
  readonly OSType: string;
  readonly ServerVersion: string;
  readonly SecurityOptions: readonly string[] | null;
  /** `cgroupfs`, `systemd`, `none`. */
  readonly CgroupDriver: string;
  /** What its control groups can do. */
  readonly MemoryLimit: boolean;
  readonly SwapLimit: boolean;
  readonly CPUShares: boolean;
  readonly CpuCfsPeriod: boolean;
  readonly CpuCfsQuota: boolean;
  readonly CPUSet: boolean;
}

/** Whether an engine keeps images in the store of containerd: as manifests and blobs, and not as chains of layers. */
export const keepsBlobs = ({ DriverStatus }: EngineInfo): boolean => (DriverStatus ?? []).some(([name, value]) => name === 'driver-type' && value.startsWith('io.containerd.'));

/** All of an engine that building needs. */
export interface EngineClient {
  readonly engine: Engine;
  readonly containers: Containers;
  readonly images: EngineImages;
  readonly volumes: Volumes;
  info(): Promise<EngineInfo>;
}

/** A client that connects when it is first asked for, and once: making it loads and asks nothing. */
export class EngineAccess {
  private readonly choice: EngineChoice;
  private readonly env: NodeJS.ProcessEnv;
  private client: Promise<EngineClient> | undefined;

  constructor(choice: EngineChoice, env: NodeJS.ProcessEnv) {
    this.choice = choice;
    this.env = env;
  }

  /** Throws USAGE, CONFIG_INVALID, ENGINE_UNREACHABLE, UNSUPPORTED. */
  get(signal?: AbortSignal): Promise<EngineClient> {
    this.client ??= this.connect(signal).catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    return this.client;
  }

  async close(): Promise<void> {
    const client = await this.client?.catch(() => undefined);
    this.client = undefined;
    client?.engine.close();
  }

  private async connect(signal: AbortSignal | undefined): Promise<EngineClient> {
    const engine = await Engine.connect(findEngine(this.choice, this.env), signal, this.env);
    let info: Promise<EngineInfo> | undefined;
    return {
      engine,
      containers: new Containers(engine),
      images: new EngineImages(engine),
      volumes: new Volumes(engine),
      info: () => (info ??= engine.json<EngineInfo>({ what: 'say what it is', method: 'GET', path: '/info' }).catch((error: unknown) => {
        info = undefined;
        throw error;
      })),
    };
  }
}
