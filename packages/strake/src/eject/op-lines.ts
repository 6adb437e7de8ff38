import type { InstructionNode, Lowered, LoweredExec, LoweredOp, StageView } from '@strake/api';
import { posix } from 'node:path';
import { unsayable } from './config-lines';
import { mountFlag } from './mount-flag';
import { asPatterns } from './as-patterns';
import { jsonWord } from './quoted';

/** Where ops stand. */
export interface OpPlace {
  readonly view: StageView;
  readonly node: InstructionNode;
  readonly escape: '\\' | '`';
  readonly note: (message: string) => void;
}

type CopyOp = Extract<LoweredOp, { readonly type: 'copy' }>;
type MkfileOp = Extract<LoweredOp, { readonly type: 'mkfile' }>;

/** The lines that do what ops do, one for each layer. Throws UNSUPPORTED. */
export function opLines({ ops = [], link = false, config }: Lowered, place: OpPlace): readonly string[] {
  const programs = ops.filter((op) => op.type === 'exec');
  if (programs.length > 0 && programs.length === ops.length) return [runLine(programs, place)];
  return ops.map((op) => {
    switch (op.type) {
      case 'exec': return runLine([op], place);
      case 'copy': return copyLine(op, link, place);
      case 'mkfile': return mkfileLine(op, place);
      case 'mkdir': return mkdirLine(op, config?.workingDir, place);
      case 'merge': throw unsayable('a merge of layers');
    }
  });
}

/** Several programs of one step are one program of a shell, so that they stay one layer. */
function runLine(execs: readonly LoweredExec[], { view, note }: OpPlace): string {
  const [first] = execs;
  if (first === undefined) return '';
  const { env, cwd, user, network, mounts = [], security, devices = [], scripts, args } = first;
  if (scripts !== undefined) throw unsayable('a here-document that is a program, within another program,');
  const isHere = env.length === view.env.length && env.every((entry, index) => entry === view.env[index]) && cwd === view.workdir && user === (view.config.User ?? '');
  if (!isHere) throw unsayable('a program with an environment, a directory or a user of its own');
  const flags = [...mounts.map(mountFlag), ...(network === 'default' ? [] : [`--network=${network}`]), ...(security === undefined ? [] : [`--security=${security}`]), ...devices.map(({ name, required }) => `--device=${name}${required ? ',required' : ''}`)];
  const words = execs.length === 1 ? args : ['/bin/sh', '-c', execs.map((exec) => exec.args.map(shellWord).join(' ')).join(' && ')];
  if (execs.length > 1) note('its programs become one of /bin/sh, which must be there');
  return ['RUN', ...flags, JSON.stringify(words)].join(' ');
}

const shellWord = (word: string): string => (/^[\w/.:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

function copyLine({ from, sources, destination, chown, chmod, exclude = [], parents, unpack, optional }: CopyOp, link: boolean, { escape }: OpPlace): string {
  if (from.kind === 'source') throw unsayable(`a source of the scheme ${from.scheme}`);
  if (unpack === true && from.kind !== 'context') throw unsayable('unpacking what is no file of the build context');
  const given = (name: string, value: string | undefined) => (value === undefined ? [] : [`--${name}=${value}`]);
  const flags = [...(from.kind === 'named' ? [`--from=${from.name}`] : []), ...given('chown', chown), ...given('chmod', chmod), ...(link ? ['--link'] : []), ...(parents === true ? ['--parents'] : []), ...exclude.map((pattern) => `--exclude=${pattern}`)];
  const named = optional === true ? sources.map(asPatterns) : sources;
  return [unpack === true ? 'ADD' : 'COPY', ...flags, `[${[...named, destination].map((word) => jsonWord(word, escape)).join(', ')}]`].join(' ');
}

function mkfileLine({ path, name = posix.basename(path), content, mode, owner, parentMode }: MkfileOp, { note }: OpPlace): string {
  if (!content.endsWith('\n')) throw unsayable('a file that does not end with a line feed');
  if (!/^[A-Za-z0-9._-]+$/.test(name) || content.split('\n').includes(name)) throw unsayable(`a here-document of the name ${name}`);
  if (mode !== 0o644 && parentMode === undefined && (mode & 0o755) !== 0o755) note('directories that are missing get its mode too');
  const flags = [...(owner === undefined ? [] : [`--chown=${owner}`]), ...(mode === 0o644 && parentMode === undefined ? [] : [`--chmod=${mode.toString(8).padStart(3, '0')}`])];
  if (/[\s"'$\\`]/.test(path)) throw unsayable(`a here-document for the path ${path}`);
  return `${['COPY', ...flags, `<<"${name}"`, path].join(' ')}\n${content}${name}`;
}

function mkdirLine({ path, mode, owner }: Extract<LoweredOp, { readonly type: 'mkdir' }>, workingDir: string | undefined, { note }: OpPlace): string {
  if (path === workingDir && owner === undefined && mode === 0o755) return `WORKDIR ${path}`;
  if (owner !== undefined) throw unsayable('a directory with an owner');
  note('it becomes a program of the image: mkdir');
  return `RUN ${JSON.stringify(['mkdir', '-p', '-m', mode.toString(8), ...withParents(path)])}`;
}

/** Parents that are missing get the mode too, which mkdir(1) only gives to what it is told by name. */
function withParents(path: string): readonly string[] {
  const parent = posix.dirname(path);
  return parent === '/' || parent === '.' ? [path] : [...withParents(parent), path];
}
