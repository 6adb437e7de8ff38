import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperatorError, type ResourceLimits } from '@strake/api';
import { findHierarchies, ownFacts, type Hierarchies, type Hierarchy } from './hierarchies';
import { limitFilesV1, limitFilesV2, type LimitFile } from './limit-files';
import { removeGroups, type GroupRecord } from './remove-groups';

/** The control groups of one program. */
export interface ControlGroup {
  /** Files that a process writes its number to in order to be in it. */
  readonly procs: readonly string[];
  /** As OCI runtimes name it: absolute, or relative to where they make groups by themselves. */
  readonly path: string;
  /** Whether a process was ended because it wanted more memory than it may have, given the exit code of the first one. */
  ranOutOfMemory(exitCode: number): boolean;
  /** Removes it. Nothing runs in it any more. */
  release(): void;
}

/** What is needed besides limits. */
export interface GroupOptions {
  /** Unique. */
  readonly name: string;
  /** Gets the directories before they are made, so that they are found after a crash. */
  readonly record: string;
  readonly hierarchies?: Hierarchies;
}

/** Whether limits need a control group. */
export function needsGroup(limits: ResourceLimits): boolean {
  return Object.entries(limits).some(([name, value]) => value !== undefined && name !== 'ulimits' && name !== 'shmSize');
}

/** Makes a control group with limits; one directory where all controllers share a hierarchy. Throws RUNTIME_FAILED. */
export function openControlGroup(limits: ResourceLimits, { name, record, hierarchies = findHierarchies(ownFacts()) }: GroupOptions): ControlGroup {
  const files = [...byVersion(hierarchies, 1, limitFilesV1(limits)), ...byVersion(hierarchies, 2, limitFilesV2(limits))];
  const wanted = limits.cgroupParent === undefined ? files.map(({ controller }) => controller) : [...hierarchies.keys()];
  const places = new Map([...new Set(wanted)].map((controller) => [controller, placeOf(hierarchyOf(hierarchies, controller), limits.cgroupParent)] as const));
  const own = [...new Set([...places.values()].map((place) => join(place, name)))];
  // An OCI runtime that is told of the group makes it in every hierarchy.
  const everywhere = [...new Set([...hierarchies.values()].map((hierarchy) => join(placeOf(hierarchy, limits.cgroupParent), name)))];
  const above = [...new Set([...places.values()].flatMap(missingAbove))];
  writeFileSync(record, JSON.stringify({ own: everywhere, above } satisfies GroupRecord));
  try {
    for (const [controller, place] of places) makeIn(place, name, controller, hierarchyOf(hierarchies, controller));
    for (const file of files) writeLimit(file, join(places.get(file.controller) ?? '', name));
  } catch (error) {
    removeGroups(record);
    throw error instanceof OperatorError ? error : failed(`cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {
    procs: own.map((directory) => join(directory, 'cgroup.procs')),
    path: limits.cgroupParent === undefined ? name : join('/', limits.cgroupParent, name),
    ranOutOfMemory: (exitCode) => own.some((directory) => hasKilled(directory) || (exitCode === KILLED && hasFailed(directory))),
    release: () => removeGroups(record),
  };
}

function byVersion(hierarchies: Hierarchies, version: 1 | 2, files: readonly LimitFile[]): readonly LimitFile[] {
  return files.filter(({ controller }) => hierarchies.get(controller)?.version === version);
}

function hierarchyOf(hierarchies: Hierarchies, controller: string): Hierarchy {
  const hierarchy = hierarchies.get(controller);
  if (hierarchy === undefined) throw failed(`cannot be made: there is no controller ${controller}`);
  return hierarchy;
}

/** In this process's own group; of version 2 beside it, because a group with processes has no limited groups in it. */
function placeOf({ version, root, own }: Hierarchy, parent: string | undefined): string {
  if (parent !== undefined) return join(root, parent);
  return version === 1 || own === root ? own : dirname(own);
}

function missingAbove(place: string): readonly string[] {
  return existsSync(place) ? [] : [...missingAbove(dirname(place)), place];
}

function makeIn(place: string, name: string, controller: string, { version }: Hierarchy): void {
  for (const directory of [...missingAbove(place), join(place, name)]) {
    if (version === 2) enable(dirname(directory), controller);
    if (!existsSync(directory)) mkdirSync(directory);
    if (controller === 'cpuset' && version === 1) inherit(directory);
  }
}

/** A controller's files are in a group when the one above passes it on. */
function enable(directory: string, controller: string): void {
  const file = join(directory, 'cgroup.subtree_control');
  if (!readFileSync(file, 'utf8').trim().split(' ').includes(controller)) writeFileSync(file, `+${controller}`);
}

/** Of version 1 a group without processors and memory nodes cannot have processes. */
function inherit(directory: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (readFileSync(join(directory, file), 'utf8').trim() === '') writeFileSync(join(directory, file), readFileSync(join(dirname(directory), file), 'utf8'));
  }
}

function writeLimit({ file, value, optional }: LimitFile, directory: string): void {
  const path = join(directory, file);
  if (optional === true && !existsSync(path)) return;
  try {
    writeFileSync(path, value);
  } catch (error) {
    throw failed(`does not take ${value} as ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failed(what: string): OperatorError {
  return new OperatorError('RUNTIME_FAILED', `the control group of a program ${what}`, { hint: 'Build without the limit, or with one that this machine can keep.' });
}

const KILLED = 137;

/** Of version 1 a group counts what was ended in itself only; that its limit was met, it counts for those in it too. */
function hasFailed(directory: string): boolean {
  const file = join(directory, 'memory.failcnt');
  return existsSync(file) && Number(readFileSync(file, 'utf8')) > 0;
}

/** `oom_kill` counts, in both versions. */
function hasKilled(directory: string): boolean {
  return ['memory.oom_control', 'memory.events'].some((file) => {
    const path = join(directory, file);
    return existsSync(path) && /^oom_kill [1-9]/m.test(readFileSync(path, 'utf8'));
  });
}
