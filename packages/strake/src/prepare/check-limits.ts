import { OperatorError, ULIMIT_NAMES, type BackendCapabilities, type ResourceLimits, type Ulimit } from '@strake/api';

/** Bytes below which the engine gives no program a limit of memory: it could not even be started. */
const LEAST_MEMORY = 6 * 1024 * 1024;

type Values = Pick<ResourceLimits, 'memory' | 'memorySwap' | 'cpuShares' | 'cpuPeriod' | 'cpuQuota' | 'shmSize'>;

/** What is wrong with a value, by name; undefined when nothing is. */
const RULES: { readonly [K in keyof Values]-?: (value: number, limits: ResourceLimits) => string | undefined } = {
  memory: (value) => (value < LEAST_MEMORY ? 'it is 6 MB at least' : undefined),
  memorySwap: (value, { memory }) => {
    if (memory === undefined) return 'it needs a limit of memory';
    return value === -1 || value >= memory ? undefined : 'it counts memory and swap, and cannot be less than the limit of memory';
  },
  cpuShares: (value) => (value < 2 || value > 262_144 ? 'it is 2 to 262144' : undefined),
  cpuPeriod: (value) => (value < 1000 || value > 1_000_000 ? 'it is 1000 to 1000000 microseconds' : undefined),
  cpuQuota: (value) => (value < 1000 && value !== -1 ? 'it is 1000 microseconds at least, or -1' : undefined),
  shmSize: (value) => (value < 1 ? 'it is a number of bytes above 0' : undefined),
};

const CPU_LIST = /^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/;

/** Refuses limits that make no sense (USAGE) and those that the backend does not have (UNSUPPORTED), before anything runs. */
export function checkLimits(limits: ResourceLimits = {}, { limits: known, limitsHint }: Pick<BackendCapabilities, 'limits' | 'limitsHint'>): void {
  for (const name of Object.keys(limits) as (keyof ResourceLimits)[]) {
    if (limits[name] === undefined) continue;
    checkValue(name, limits);
    if (known?.has(name) === true) continue;
    throw new OperatorError('UNSUPPORTED', `the backend has no limit ${name}`, limitsHint === undefined ? {} : { hint: limitsHint });
  }
}

function checkValue(name: keyof ResourceLimits, limits: ResourceLimits): void {
  if (name === 'ulimits') checkUlimits(limits.ulimits ?? []);
  else if (name === 'cpusetCpus' || name === 'cpusetMems') check(name, limits[name], CPU_LIST.test(limits[name] ?? '') ? undefined : 'it is a list such as 0-2,4');
  else if (name === 'cgroupParent') check(name, limits[name], isGroup(limits[name] ?? '') ? undefined : 'it is a path of control groups, without ".."');
  else checkNumber(name, limits);
}

function checkNumber(name: keyof Values, limits: ResourceLimits): void {
  const value = limits[name] ?? 0;
  check(name, value, Number.isSafeInteger(value) ? RULES[name](value, limits) : 'it is a whole number');
}

function checkUlimits(ulimits: readonly Ulimit[]): void {
  for (const [at, { name, soft, hard }] of ulimits.entries()) {
    const shown = `${name}=${soft}:${hard}`;
    check('ulimit', shown, ULIMIT_NAMES.includes(name) ? undefined : `the names are ${ULIMIT_NAMES.join(', ')}`);
    check('ulimit', shown, [soft, hard].every((value) => Number.isInteger(value) && value >= -1) ? undefined : 'both limits are whole numbers, or -1');
    check('ulimit', shown, hard === -1 || (soft !== -1 && soft <= hard) ? undefined : 'the soft limit cannot be above the hard one');
    check('ulimit', shown, ulimits.findIndex((other) => other.name === name) === at ? undefined : 'the name is given twice');
  }
}

const isGroup = (path: string): boolean => path !== '' && !/[\0\n]/.test(path) && path.split('/').every((name) => name !== '..');

function check(name: string, value: unknown, wrong: string | undefined): void {
  if (wrong !== undefined) throw new OperatorError('USAGE', `invalid limit ${name} ${JSON.stringify(value)}: ${wrong}`);
}
