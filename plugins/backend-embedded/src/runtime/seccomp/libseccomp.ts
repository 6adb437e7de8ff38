import { closeSync, openSync, readFileSync } from 'node:fs';
import type * as Koffi from 'koffi' with { 'resolution-mode': 'import' };
import { type SeccompRule, seccompRules } from './profile';

type Call = (...args: readonly unknown[]) => unknown;

const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
const EPERM = 1;
const UNKNOWN_CALL = -1;
const OPERATORS = { lt: 2, eq: 4, gt: 6, masked: 7 } as const;

/** Audit numbers of the architectures that a kernel runs beside its own (linux/audit.h). */
const COMPANIONS: Partial<Record<NodeJS.Architecture, readonly number[]>> = { x64: [0x40000003, 0x4000003e], arm64: [0x40000028] };

/** The part of libseccomp(3) that compiles a filter. */
export interface Libseccomp {
  /** `2.5.4` */
  readonly version: string;
  /** Writes the compiled profile, struct sock_filter after struct sock_filter, to a new file and gives its bytes. */
  compile(file: string): Buffer;
}

/** Loads libseccomp, which crun itself is linked with; undefined where it is missing. */
export function loadLibseccomp(): Libseccomp | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return bindLibseccomp(require('koffi') as typeof Koffi);
  } catch {
    return undefined;
  }
}

function bindLibseccomp(koffi: typeof Koffi): Libseccomp {
  const library = koffi.load('libseccomp.so.2');
  const version = koffi.struct({ major: 'unsigned int', minor: 'unsigned int', micro: 'unsigned int' });
  const test = koffi.struct({ arg: 'unsigned int', op: 'int', a: 'uint64_t', b: 'uint64_t' });
  const addRule = library.func('seccomp_rule_add_array', 'int', ['void *', 'uint32_t', 'int', 'unsigned int', koffi.pointer(test)]) as Call;
  const found = koffi.decode(library.func('const void *seccomp_version(void)')() as object, version) as Record<string, number>;
  const calls: FilterCalls = {
    create: library.func('void *seccomp_init(uint32_t action)') as Call,
    release: library.func('void seccomp_release(void *filter)') as Call,
    addArchitecture: library.func('int seccomp_arch_add(void *filter, uint32_t token)') as Call,
    number: library.func('int seccomp_syscall_resolve_name(const char *name)') as Call,
    exportTo: library.func('int seccomp_export_bpf(const void *filter, int fd)') as Call,
    addRule,
  };
  return { version: `${found['major']}.${found['minor']}.${found['micro']}`, compile: (file) => compileTo(calls, file) };
}

interface FilterCalls {
  readonly create: Call;
  readonly release: Call;
  readonly addArchitecture: Call;
  readonly number: Call;
  readonly addRule: Call;
  readonly exportTo: Call;
}

function compileTo(calls: FilterCalls, file: string): Buffer {
  const filter = calls.create(ERRNO | EPERM);
  const fd = openSync(file, 'wx');
  try {
    for (const token of COMPANIONS[process.arch] ?? []) expectDone(calls.addArchitecture(filter, token), 'seccomp_arch_add');
    for (const rule of seccompRules(process.arch)) addRule(calls, filter, rule);
    expectDone(calls.exportTo(filter, fd), 'seccomp_export_bpf');
  } finally {
    closeSync(fd);
    calls.release(filter);
  }
  return readFileSync(file);
}

function addRule(calls: FilterCalls, filter: unknown, rule: SeccompRule): void {
  const { test } = rule;
  // For a masked test `a` is the mask and `b` what must be left of the argument: nothing.
  const tests = test === undefined ? [] : [{ arg: test.index, op: OPERATORS[test.operator], a: test.value, b: 0 }];
  const action = rule.errno === undefined ? ALLOW : ERRNO | rule.errno;
  for (const name of rule.names) {
    const number = calls.number(name);
    // A call that this libseccomp does not know yet: `newer-calls` has those that matter.
    if (number === UNKNOWN_CALL) continue;
    expectDone(calls.addRule(filter, action, number, tests.length, tests), `seccomp_rule_add of ${name}`);
  }
}

function expectDone(result: unknown, call: string): void {
  if (typeof result === 'number' && result < 0) throw new Error(`${call} answered ${result}`);
}
