/** A file of a generated build context. */
export interface GeneratedFile {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** The text of a file, the target of a symbolic link. */
  readonly content: string;
  readonly mode: number;
}

/** Everything that one build is made of, as plain data that can be shrunk. */
export interface GeneratedBuild {
  /** The Dockerfile in pieces: a directive, a comment, or an instruction with its here-documents; each ends its line. */
  readonly pieces: readonly string[];
  readonly files: readonly GeneratedFile[];
  /** The lines of `.dockerignore`; none, no file. */
  readonly ignore: readonly string[];
  readonly target?: string;
  readonly platform?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** The Dockerfile. */
export function dockerfileOf({ pieces }: GeneratedBuild): string {
  return pieces.map((piece) => `${piece}\n`).join('');
}

/** The whole build for people: what to write where to see it again. */
export function describeBuild(build: GeneratedBuild): string {
  const { files, ignore, target, platform, buildArgs, labels } = build;
  const options = Object.entries({ target, platform, buildArgs, labels }).filter(([, value]) => value !== undefined && Object.keys(value).length > 0);
  return [
    dockerfileOf(build).replace(/^/gm, '  | ').replace(/ {2}\| $/, ''),
    ...files.map(({ path, kind, content, mode }) => `  ${kind} ${JSON.stringify(path)} ${mode.toString(8)}${kind === 'directory' ? '' : ` ${JSON.stringify(content)}`}`),
    ...ignore.map((line) => `  .dockerignore ${JSON.stringify(line)}`),
    ...options.map(([name, value]) => `  ${name} ${JSON.stringify(value)}`),
  ].join('\n');
}
