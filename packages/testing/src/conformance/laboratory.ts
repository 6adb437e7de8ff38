import type { ApplyOptions, Backend, BackendSession, CopyInput, Digest, Image, Op, SessionOptions, SnapshotReference, Vertex } from '@strake/api';
import { createContext } from '@strake/context';
import { digestOf } from '@strake/oci';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { imageTree } from '../tree/image-tree';
import type { Tree } from '../tree/tree-entry';

/** A backend to be held to the laws. */
export interface BackendSubject {
  readonly backend: Backend;
  /** An image that it finds; with `/bin/sh` where it runs programs. */
  readonly base: string;
  /** One that it does not; `example.test/strake/no-such-image:1` by default. */
  readonly missing?: string;
  close(): Promise<void>;
}

/** What an application of ops is given, besides the ops. */
export interface Setting extends Partial<ApplyOptions> {
  readonly parent?: SnapshotReference | null;
  /** Input 0 is the build context by default. */
  readonly inputs?: readonly CopyInput[];
  readonly session?: BackendSession;
}

/** The main build context as an input. */
export const contextInput: CopyInput = { kind: 'context', name: '' };

/** One test's folder, sessions and steps. */
export class Laboratory {
  readonly subject: BackendSubject;
  readonly folder = mkdtempSync(join(tmpdir(), 'strake-conformance-'));
  readonly platform = { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' };
  private readonly sessions: BackendSession[] = [];
  private readonly depths = new Map<string, number>();
  private main: BackendSession | undefined;

  constructor(subject: BackendSubject) {
    this.subject = subject;
    mkdirSync(join(this.folder, 'context'));
  }

  /** Writes a file of the build context. A session reads the context once: put all files there before. */
  put(path: string, content: string, mode = 0o644): void {
    const file = join(this.folder, 'context', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }

  get context(): string {
    return join(this.folder, 'context');
  }

  /** A new session; ended with the test. */
  async open(more: Partial<SessionOptions> = {}): Promise<BackendSession> {
    const contexts = new Map([['', createContext(this.context, { name: '.' })]]);
    const session = await this.subject.backend.open({ contexts, extraHosts: [], signal: new AbortController().signal, ...more });
    this.sessions.push(session);
    return session;
  }

  /** The session of steps that name none. */
  async session(): Promise<BackendSession> {
    return (this.main ??= await this.open());
  }

  /** Applies ops on a parent; on nothing without one. */
  async apply(ops: readonly Op[], { parent = null, inputs = [contextInput], session, ...options }: Setting = {}): Promise<SnapshotReference> {
    const used = session ?? (await this.session());
    const digest: Digest = digestOf(JSON.stringify([ops, parent, inputs]));
    const vertex: Vertex = { digest, ops, parent: parent && digestOf(parent.id), inputs: inputs.map((input) => digestOf(JSON.stringify(input))), note: { name: 'conformance', stage: 'main' } };
    const quiet: ApplyOptions = { signal: new AbortController().signal, log: () => undefined, progress: () => undefined };
    const made = await used.apply(vertex, parent, inputs, { ...quiet, ...options });
    this.depths.set(made.id, (parent === null ? 0 : (this.depths.get(parent.id) ?? 0)) + 1);
    return made;
  }

  /** The base image as a state, pinned as a build has it. */
  async base(session?: BackendSession): Promise<SnapshotReference> {
    const { reference, config, platform } = await this.subject.backend.resolveImage(this.subject.base, this.platform);
    const snapshot = await (session ?? (await this.session())).source({ type: 'source', scheme: 'image', reference, platform });
    this.depths.set(snapshot.id, config.rootfs.diff_ids.length);
    return snapshot;
  }

  /** The image of a state. With an epoch its times are clamped. */
  async image(root: SnapshotReference | null, { session, epoch }: { readonly session?: BackendSession; readonly epoch?: number } = {}): Promise<Image> {
    const depth = root === null ? 0 : (this.depths.get(root.id) ?? 0);
    const history = Array.from({ length: depth }, (_none, at) => ({ created_by: `layer ${at}` }));
    const { os, architecture } = this.platform;
    const clamp = epoch === undefined ? {} : { clamp: { epoch, baseLayers: [] } };
    return (session ?? (await this.session())).image({ platform: this.platform, root: null, config: { os, architecture, config: {} }, history, ...clamp }, root);
  }

  async tree(root: SnapshotReference): Promise<Tree> {
    return imageTree(await this.image(root));
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()));
    await this.subject.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
