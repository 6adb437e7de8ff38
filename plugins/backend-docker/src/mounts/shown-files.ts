import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { DockerfileError, InternalError, type ApplyOptions } from '@strake/api';
import type { CopySource } from '../copy/apply-copy';
import type { AgentRelay } from '../run/agent-relay';
import type { InitChannel, MadeBy } from '../run/init-channel';
import type { StepContainer } from '../run/step-container';
import { fillFrom } from './fill-volume';

/** A file that a program sees at a place: a copy of one of a tree, a value in memory, or a socket of an agent. */
export interface ShownFile {
  readonly target: string;
  readonly place: string;
  readonly content: CopiedFile | ValueFile | AgentSocket;
  /** Directories above it that are not there. */
  readonly missing: readonly string[];
  /** A link to it is there already. */
  readonly linked: boolean;
}

interface CopiedFile {
  readonly kind: 'copy';
  readonly source: CopySource;
}

/** `path` is where it is: in memory. */
interface ValueFile extends MadeBy {
  readonly kind: 'memory';
  readonly path: string;
  readonly value: Buffer;
}

/** `agent` is a socket of this machine; `path` is where the other one is when there is a link to it. */
interface AgentSocket extends MadeBy {
  readonly kind: 'agent';
  readonly path: string;
  readonly agent: string;
}

const ROOT = { uid: 0, gid: 0, mode: 0o755 };

/**
 * Files that are shown to one program, in a container without mounts for them, which engines have for directories alone. What stands in their place is put aside, and
 * comes back; nothing of them is in the container afterwards. Values are never written anywhere but to the container's memory.
 */
export class ShownFiles {
  private readonly files: readonly ShownFile[];
  private readonly aside = `/.strake-${randomBytes(6).toString('hex')}`;
  private readonly covered = new Set<number>();
  private readonly relays: AgentRelay[] = [];

  constructor(files: readonly ShownFile[]) {
    this.files = files;
  }

  /** Whether the container must be one that was never started. */
  get bringsCopies(): boolean {
    return this.files.some(({ content }) => content.kind === 'copy');
  }

  /** Shows them; the container runs afterwards. Throws INVALID_FLAG where that cannot be. */
  async show(container: StepContainer, options: ApplyOptions): Promise<void> {
    for (const [at, { content }] of this.files.entries()) if (content.kind === 'copy') await fillFrom(content.source, this.kept(at), container.target, options);
    if (this.files.length === 0) return;
    const channel = await container.start(options.signal);
    for (const [at, file] of this.files.entries()) await this.showOne(at, file, container, channel, options.signal);
    await channel.remove([this.aside], options.signal);
  }

  /** Ends the connections to agents. */
  close(): void {
    for (const relay of this.relays.splice(0)) relay.close();
  }

  /** Takes them away. */
  async hide(container: StepContainer, { signal }: ApplyOptions): Promise<void> {
    if (this.files.length === 0) return;
    const channel = await container.start(signal);
    for (const [at, { place, content, linked }] of [...this.files.entries()].reverse()) {
      await channel.remove([...(content.kind === 'copy' ? [this.kept(at)] : [content.path]), ...(linked ? [] : [place])], signal);
      if (this.covered.has(at)) await channel.rename(this.asideOf(at), place, signal);
    }
    const made = new Set(this.files.flatMap(({ missing }) => missing));
    await channel.remove([...[...made].sort((left, right) => right.length - left.length), this.aside], signal);
    container.target.files.forget();
  }

  private async showOne(at: number, file: ShownFile, container: StepContainer, channel: InitChannel, signal: AbortSignal): Promise<void> {
    const { content, place } = file;
    if (content.kind === 'memory') await container.writeMemory(content.path, content.value, content, signal);
    if (file.linked && content.kind === 'agent') await channel.makeDirectory(posix.dirname(content.path), ROOT, signal);
    if (file.linked && content.kind === 'agent') this.relays.push(await container.listen(content.path, content, content.agent, signal));
    if (file.linked) return;
    const parent = posix.dirname(place);
    if (!(await channel.makeDirectory(parent, ROOT, signal))) throw refusal(file, `a part of ${parent} is no directory`);
    await channel.makeDirectory(this.aside, { ...ROOT, mode: 0o700 }, signal);
    if ((await channel.rename(place, this.asideOf(at), signal)) === 'done') this.covered.add(at);
    if (content.kind === 'agent') {
      this.relays.push(await container.listen(place, content, content.agent, signal));
      return;
    }
    const shown = content.kind === 'memory' ? await channel.link(content.path, place, signal) : await this.move(at, file, channel, signal);
    if (!shown) throw refusal(file, 'what is there cannot give way');
  }

  private async move(at: number, { place, content }: ShownFile, channel: InitChannel, signal: AbortSignal): Promise<boolean> {
    const moved = await channel.rename(this.kept(at), place, signal);
    if (moved !== 'elsewhere') return moved === 'done';
    if (content.kind !== 'copy') throw new InternalError('only copies are moved');
    const [file] = content.source.taken;
    if (file === undefined) return false;
    const owner = content.source.reader.keepOwner ? file : { uid: 0, gid: 0 };
    const seconds = Number(content.source.reader.details(file).mtime / 1_000_000_000n);
    return channel.copy(this.kept(at), place, { uid: owner.uid, gid: owner.gid, mode: file.mode }, Math.max(0, seconds), signal);
  }

  private kept(at: number): string {
    return `${this.aside}/${at}`;
  }

  private asideOf(at: number): string {
    return `${this.aside}/below-${at}`;
  }
}

function refusal({ target }: ShownFile, why: string): DockerfileError {
  return new DockerfileError('INVALID_FLAG', `a file cannot be mounted at ${target}: ${why}`, { at: '--mount', hint: 'mount it at another path' });
}
