import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { InternalError, type BindMount, type CacheMount, type CopyInput, type SessionOptions, type StepImages } from '@strake/api';
import type { Store } from '@strake/oci';
import { Programs } from '../apply/programs';
import { Vertices } from '../apply/vertices';
import type { Compose } from '../compose/compose-image';
import { composerFor } from '../compose/composer-for';
import type { EngineClient } from '../engine';
import { Volumes } from '../mounts/volumes';
import type { StepSettings } from '../run/step-spec';
import { Trees } from '../snapshots/trees';
import { Uses } from '../snapshots/uses';
import { EngineSteps } from '../steps/engine-steps';
import { openStepImage } from '../steps/open-step-image';
import { Chains } from './chains';
import { CopySources } from './copy-sources';
import { LookedImages } from './looked-images';
import { SourceFiles } from './source-files';
import { StepContainers } from './step-containers';
import { Temporary } from './temporary';

/** What a session works with. */
export interface SessionParts {
  readonly client: EngineClient;
  /** What was left by others is being removed; never rejects. */
  readonly reclaiming: Promise<void>;
  readonly store: Store;
  readonly options: SessionOptions;
  /** The folder of the records that are about this engine. */
  readonly records: string;
  readonly settings: Omit<StepSettings, 'extraHosts' | 'limits'>;
}

/** The parts of one build. */
export interface Assembled {
  readonly temporary: Temporary;
  readonly trees: Trees;
  readonly uses: Uses;
  readonly sources: SourceFiles;
  readonly copies: CopySources;
  readonly chains: Chains;
  readonly vertices: Vertices;
  readonly steps: StepImages;
  /** Asked for once, when something is to be made. Throws UNSUPPORTED. */
  readonly composer: () => Promise<Compose>;
}

/** Makes the parts of a build and tells them of each other. The engine is asked nothing. */
export function assemble({ client, store, options, records, settings }: SessionParts, scratch: string, signal: AbortSignal): Assembled {
  if (options.graph === undefined) throw new InternalError('a session of this backend needs the graph');
  const temporary = new Temporary(client, randomBytes(8).toString('hex'));
  const trees = new Trees(client.images, store, records, (image) => temporary.adopt(image));
  const uses = new Uses(options.graph);
  let composing: Promise<Compose> | undefined;
  const composer = (): Promise<Compose> => (composing ??= composerFor({ client, store, records, labels: temporary.labels, signal }));
  const compose: Compose = async (image) => (await composer())(image);
  const looked = new LookedImages({ client, temporary, signal });
  const sources = new SourceFiles({ options, scratch, cache: join(store.root, 'cache', 'providers') });
  const copies = new CopySources({ client, options, trees, sources, scratch, signal, look: (image) => looked.container(image) });
  const { extraHosts, limits } = options;
  const containers = new StepContainers({ client, compose, temporary, scratch, signal });
  const chains = new Chains({ client, compose, containers, trees, uses, temporary, signal, settings: { ...settings, extraHosts, ...(limits === undefined ? {} : { limits }) } });
  const volumes = new Volumes({ client, temporary, scratch, signal, forVolumes: (mounts) => containers.forVolumes(mounts) });
  const mounts = { store, records, secrets: options.secrets, ssh: options.ssh, volumes, take: (mount: BindMount | CacheMount, input: CopyInput) => copies.takeMounted(mount, input) };
  const vertices = new Vertices({ client, store, trees, chains, copies, scratch, programs: new Programs({ chains, mounts, looked }) });
  const steps = new EngineSteps({ client, options, settings, see: (image) => trees.see(image), open: ({ id }, how) => openStepImage(id, how, { client, store, signal }) });
  return { temporary, trees, uses, sources, copies, chains, vertices, steps, composer };
}
