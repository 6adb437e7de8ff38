/** One command of a docker client, and what it should have to say. */
export interface EngineCommand {
  /** `NAME` is the repository of a target, `FOLDER` where contexts and archives are, `REGISTRY` a registry, `ID` the image that was built last under NAME:1. */
  readonly words: readonly string[];
  readonly input?: string;
  /** A shell's line instead of a command: `docker` stands for the client. */
  readonly shell?: string;
  /** The backend has no part in it: it is not asked of strake with an engine too. */
  readonly backendless?: true;
  /** Intended differences: what is made the same on all targets before it is compared, and why. */
  readonly apart?: readonly Apart[];
}

/** One intended difference. */
export interface Apart {
  readonly why: string;
  readonly pattern: RegExp;
  readonly by: string;
}

const command = (line: string, ...apart: readonly Apart[]): EngineCommand => ({ words: line.split(' ').map((word) => word.replaceAll('·', ' ')), apart });
const shell = (line: string, ...apart: readonly Apart[]): EngineCommand => ({ words: [], shell: line, apart });

/** An error of a Dockerfile, by what both name. */
const told = (name: string): Apart => ({
  why: 'it is told with its place, the line and a hint, and before any step where nothing has to run for it', pattern: new RegExp(`^(?:Step [^]*|Error response from daemon: )?[^]*?${name}[^]*(?=\\[1\\])`, 'm'), by: `${name} `,
});
const HISTORY: Apart = { why: "with the default cache the history is that of today's builders; with the classic one it is the engine's", pattern: /^.*\|.*$/gm, by: 'ENTRY' };
const LAYERS: Apart = { why: 'an engine leaves out a layer without files, and does not name those of an image that it has by its ID', pattern: /^ID: (?:Preparing|Pushed|Already exists|Layer already exists)\n/gm, by: '' };
const LENGTH: Apart = { why: 'a manifest has another length with another number of layers', pattern: /(?<=sha256:ID size: )\d+/, by: 'BYTES' };
const DELETED: Apart = { why: 'an engine deletes layers and the images of instructions at once and names them; here they stay for the cache until they are pruned', pattern: /(?:^Deleted: sha256:ID\n)+/gm, by: 'Deleted: sha256:ID\n' };
const UNTAGGED: Apart = { why: 'on an engine too, strake pushes itself: the engine does not know the digest', pattern: /^Untagged: REGISTRY\/NAME@sha256:ID\n/m, by: '' };
const CACHED: Apart = { why: 'the cache outlives images, an engine with the fast way keeps a state only where a build may go on from it, and what changes no file is never made', pattern: /^ ---> (?:Using cache|Running in ID|Removed intermediate container ID)\n/gm, by: '' };

/** One that no backend has a part in. */
const once = (one: EngineCommand): EngineCommand => ({ ...one, backendless: true });

/** What clients do with images, in the order in which it is done on every target. */
export const COMMANDS: readonly EngineCommand[] = [
  // The classic texts: built, and from the cache.
  ...['everything', 'stages', 'continued'].flatMap((name) => Array.from({ length: 2 }, () => command(`build --network none -t NAME:texts FOLDER/${name}`, ...(name === 'stages' ? [CACHED] : [])))),
  command('build --network none -t NAME:1 -t NAME:2 FOLDER/app', CACHED),
  command('build --network none -q -t NAME:1 FOLDER/app'),
  command('images NAME'),
  command('images --format {{.Repository}}:{{.Tag}} --filter reference=NAME:1'),
  once(command('images -q --filter reference=NAME:nope')),
  command('images --format {{.Tag}} --filter label=by=test NAME'),
  command('images --format {{.Tag}} --filter dangling=true --filter reference=NAME:*'),
  once(command('images --filter nonsense=1')),
  once(command('images --filter before=nothing:1')),
  command('history --no-trunc --format {{.CreatedBy}}|{{.Comment}} NAME:1', HISTORY),
  command('inspect --format {{.Config.Cmd}}·{{.Config.Env}}·{{.Config.Labels}}·{{.Config.WorkingDir}}·{{.Config.User}}·{{.Os}}/{{.Architecture}}·{{.RepoTags}} NAME:1'),
  once(command('inspect --type image nothing:1')),
  command('tag NAME:1 NAME:3'),
  once(command('tag nothing:1 NAME:4')),
  command('tag NAME:1 REGISTRY/NAME:1'),
  command('push REGISTRY/NAME:1', LAYERS, LENGTH),
  once(command('push REGISTRY/nothing:1')),
  command('rmi REGISTRY/NAME:1', UNTAGGED),
  command('pull REGISTRY/NAME:1', LAYERS),
  command('pull REGISTRY/NAME:1', LAYERS),
  command('pull -a REGISTRY/NAME', LAYERS),
  command('pull REGISTRY/NAME:nope'),
  command('rmi REGISTRY/NAME:1'),
  command('rmi NAME:3'),
  command('rmi NAME:nope'),
  command('rmi ID'),
  shell('docker save NAME:1 | docker load'),
  shell('docker save NAME:1 NAME:2 | tar -tf - | grep -c manifest.json'),
  command('save -o FOLDER/none.tar nothing:1', { why: 'the image is named, as by engines with the store of containerd', pattern: /reference does not exist|No such image: nothing:1/, by: 'MISSING' }),
  shell('echo nonsense | docker load', { why: 'it says what is wrong', pattern: /(?:the Docker Engine could not load an image: )?unexpected EOF|invalid tar archive: it ends in the middle of an entry/, by: 'NO ARCHIVE' }),
  command('rmi -f ID', DELETED),
  command('images NAME'),
  once(command('build FOLDER/unknown', told('unknown instruction: FOO'))),
  once(command('build FOLDER/missing', { why: 'as every error: with its place and the line', pattern: /^(?:COPY failed: .*stat nothing: file does not exist|Dockerfile:2:6: "nothing": not found\n.*\n.*)$/m, by: 'nothing MISSING' })),
  once(command('build FOLDER/empty', { why: 'as every error: with its place and the line', pattern: /(?:the Dockerfile \(Dockerfile\) cannot be empty|Dockerfile:1:1: file with no instructions: it is empty\n.*\n.*)$/m, by: 'EMPTY' })),
  command('build --network none FOLDER/failing', CACHED),
  once(command('build FOLDER/unclosed', told('unexpected end of statement while looking for matching double-quote'))),
  command('build FOLDER/nobase', told('127\\.0\\.0\\.1:1')),
  once(command('build --target nope FOLDER/app', { why: 'the stages that there are follow', pattern: /^note: the stages are: 0\n/m, by: '' })),
  once(command('build -t UPPER:1 FOLDER/app')),
  once(command('build -f Nothing FOLDER/app')),
  command('build --build-arg unused=1 -t NAME:5 FOLDER/labels', CACHED),
  command('image prune -f --filter label=NAME'),
  command('image prune -a -f --filter label=NAME'),
  shell(`tar -C FOLDER/app -cf - busybox | docker import -m why -c 'ENV A="b c"' -c 'WORKDIR /w' -c 'CMD /x $A' -c 'LABEL a=b' -c 'EXPOSE 80' -c 'ONBUILD RUN x' - NAME:imported`),
  shell('tar -C FOLDER/app -czf - busybox | docker import --platform linux/arm64 - NAME:other'),
  command('inspect --format {{json·.Config}}·{{.Comment}}·{{.Architecture}}·{{.RootFS.Layers}} NAME:imported NAME:other'),
  command('history --no-trunc --format {{.CreatedBy}}|{{.Size}}|{{.Comment}} NAME:imported'),
  once(shell('tar -C FOLDER/app -cf - busybox | docker import -c "RUN x" -')),
  once(shell('tar -C FOLDER/app -cf - busybox | docker import -c ENV -')),
  once(shell('echo nonsense | docker import -', { why: 'it says what is wrong', pattern: /(?:the Docker Engine could not import an image: )?unexpected EOF|invalid tar archive: it ends in the middle of an entry/, by: 'NO ARCHIVE' })),
  once(command('import http://127.0.0.1:1/x', { why: 'addresses are not asked: who may import must not have the machine ask others', pattern: /Get .*|importing from an address is not served.*/, by: 'REFUSED' })),
  once(command('run --network none NAME:5 x', { why: 'containers are not served', pattern: /^(?:Unable to find image .*\n)?docker: Error response from daemon: .*/m, by: 'REFUSED' })),
  once(command('system df --format {{.Type}}')),
];

/** The contexts of those. */
export const CONTEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  everything: {
    Dockerfile: 'ARG BASE=scratch\nFROM scratch\nCOPY busybox /bin/sh\nARG V=1\nENV A=$V B="b c"\nWORKDIR /w\nRUN echo out\nRUN echo err >&2\nEXPOSE 80\nVOLUME /v\nLABEL a=b\nUSER 1\nSTOPSIGNAL SIGTERM\nHEALTHCHECK CMD x\nSHELL ["/bin/sh", "-c"]\nENTRYPOINT ["/bin/sh"]\nCMD ["x", "y"]\n',
  },
  stages: { Dockerfile: 'FROM scratch\nCOPY busybox /bin/sh\nRUN echo one > /one\nFROM scratch AS last\nCOPY --from=0 /one /two\nLABEL x=y\n' },
  continued: { Dockerfile: 'FROM scratch\nCOPY busybox /bin/sh\nRUN echo a && \\\n    echo b\n# a comment\nENV A=1 \\\n  B=2\n' },
  app: { Dockerfile: 'FROM scratch\nCOPY busybox /bin/sh\nARG V=1\nENV A=$V\nLABEL by=test\nWORKDIR /w\nUSER 7\nRUN echo told\nCMD ["/bin/sh"]\n' },
  unknown: { Dockerfile: 'FROM scratch\nFOO x\n' },
  missing: { Dockerfile: 'FROM scratch\nCOPY nothing /\n' },
  empty: { Dockerfile: '' },
  failing: { Dockerfile: 'FROM scratch\nCOPY busybox /bin/sh\nRUN echo why >&2; exit 7\n' },
  unclosed: { Dockerfile: 'FROM scratch\nENV A="\n' },
  nobase: { Dockerfile: 'FROM 127.0.0.1:1/nothing:1\n' },
  shared: { Dockerfile: 'FROM scratch AS base\nCOPY busybox /bin/sh\nLABEL NAME=1\nRUN echo base > /base\nFROM base AS one\nRUN echo one > /one\nFROM base\nCOPY --from=one /one /one\nRUN echo two > /two\n' },
  labels: { Dockerfile: 'FROM scratch\nLABEL NAME=1\n' },
};
