import { type ArgumentTest, type SeccompRule, seccompRules } from './profile';

/** `linux.seccomp` of the OCI runtime specification (config-linux.md, "Seccomp"). */
export interface OciSeccomp {
  readonly defaultAction: string;
  readonly defaultErrnoRet: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly object[];
}

const EPERM = 1;
const OPERATORS = { lt: 'SCMP_CMP_LT', eq: 'SCMP_CMP_EQ', gt: 'SCMP_CMP_GT', masked: 'SCMP_CMP_MASKED_EQ' } as const;

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, readonly string[]>> = {
  x64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
  riscv64: ['SCMP_ARCH_RISCV64'],
};

/** The profile as rules that the runtime compiles itself, at every run. An unlisted architecture has the native one only. */
export function ociSeccomp(architecture: NodeJS.Architecture): OciSeccomp {
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: EPERM,
    architectures: ARCHITECTURES[architecture] ?? [],
    syscalls: seccompRules(architecture).map(ociRule),
  };
}

function ociRule({ names, errno, test }: SeccompRule): object {
  const action = errno === undefined ? { action: 'SCMP_ACT_ALLOW' } : { action: 'SCMP_ACT_ERRNO', errnoRet: errno };
  return { names, ...action, ...(test === undefined ? {} : { args: [ociTest(test)] }) };
}

function ociTest({ index, operator, value }: ArgumentTest): object {
  return { index, value, valueTwo: 0, op: OPERATORS[operator] };
}
