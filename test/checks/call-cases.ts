/** A Dockerfile whose outline and targets both are asked for. */
export interface CallCase {
  readonly name: string;
  readonly dockerfile: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export const callCases: readonly CallCase[] = [
  { name: 'one stage', dockerfile: 'FROM scratch\nCOPY x /\n' },
  {
    name: 'descriptions',
    dockerfile: '# base is where it begins\nARG base=scratch\n\n# other text\n# build makes it\nFROM ${base} AS Build\n# VERSION to build\nARG VERSION=1\nARG unset\n\n# last is what runs\nFROM scratch AS last\nCOPY --from=build /x /\n',
  },
  { name: 'descriptions, of a target', target: 'build', dockerfile: '# build makes it\nFROM scratch AS build\n# VERSION to build\nARG VERSION=1 OTHER\nFROM scratch\n' },
  { name: 'given values', buildArgs: { A: 'given', G: 'global' }, dockerfile: 'ARG G=1\nARG H=2\nFROM scratch\nARG A=0\nARG G\nARG H\nARG B=$A-$G\n' },
  { name: 'what FROM needs', dockerfile: 'ARG major=1\nARG minor=2\nARG version=${major}.${minor}\nARG never=3\nFROM scratch AS v\nARG x\nFROM scra${minor:+tch}\n' },
  { name: 'stages below and read', dockerfile: 'FROM scratch AS a\nARG A=1\nFROM a AS b\nARG B=2\nFROM scratch AS c\nARG C=3\nFROM scratch AS d\nARG D=4\nFROM b\nARG E=5\nCOPY --from=c / /\n' },
  { name: 'platforms and indices', dockerfile: 'FROM --platform=$BUILDPLATFORM scratch\nFROM --platform=linux/amd64 scratch AS two\nARG TARGETARCH\nFROM two\nCOPY --from=0 / /\n' },
  { name: 'secrets and agents', dockerfile: 'FROM scratch AS a\nRUN --mount=type=secret,id=one,required=true ["x"]\nFROM a\nRUN --mount=type=secret,id=two --mount=type=ssh ["y"]\nRUN --mount=type=ssh,id=agent,required=true --mount=type=secret,id=one ["z"]\n' },
  { name: 'a continued FROM', dockerfile: 'FROM \\\n  scratch \\\n  AS x\nARG a=1 \\\n  b=2\n' },
];
