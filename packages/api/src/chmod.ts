const ALL = 0o777;
const EXECUTE = 0o111;
const SETUID = 0o4000;
const SETGID = 0o2000;
const STICKY = 0o1000;
/** What a clause without a class is about: everything but the sticky bit. */
const STANDARD = SETUID | SETGID | ALL;

const CLASSES: Readonly<Record<string, number>> = { u: SETUID | 0o700, g: SETGID | 0o070, o: 0o007, a: STANDARD };
const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** One step from a mode to the next; `before` is the mode that the first step got. */
type Step = (mode: number, before: number, isDirectory: boolean) => number;

/**
 * What a `--chmod` makes of a mode: octal digits replace it, clauses as of chmod(1) change it (`u=rwX,go=rX`, `a+x`, `g=u`).
 * As in BuildKit, whose rules are BSD's: nothing depends on a umask, and `X` is for directories and for what was executable.
 * Modes are permission bits with setuid, setgid and sticky. Throws a RangeError for what `isMode` refuses.
 */
export function applyMode(written: string, mode: number, isDirectory: boolean): number {
  if (isOctal(written)) return parseInt(written, 8);
  const steps = parseClauses(written);
  if (steps === undefined) throw new RangeError(`not a mode: ${written}`);
  return steps.reduce((changed, step) => step(changed, mode, isDirectory), mode);
}

/** Whether a text is a mode: octal digits up to 7777, or clauses. */
export function isMode(written: string): boolean {
  return isOctal(written) || parseClauses(written) !== undefined;
}

/** The mode that octal digits give; undefined for clauses, which need a mode to change. */
export function octalMode(written: string): number | undefined {
  return isOctal(written) ? parseInt(written, 8) : undefined;
}

const isOctal = (written: string): boolean => /^[0-7]+$/.test(written) && parseInt(written, 8) <= 0o7777;

function parseClauses(written: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const clause of written.split(',')) {
    const [, classes = '', actions = ''] = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause) ?? [];
    if (actions === '') return undefined;
    const state: Clause = { who: [...classes].reduce((bits, name) => bits | (CLASSES[name] ?? 0), 0), cleared: false };
    for (const action of actions.match(/[-+=][rwxXstugo]*/g) ?? []) addAction(steps, state, action);
  }
  return steps;
}

interface Clause {
  /** The bits that the clause is about; 0 when it names no class. */
  who: number;
  /** Whether its `=` has taken the old bits away. */
  cleared: boolean;
}

/** `+rw`, `=X`, `-g`: letters gather bits until one copies the bits of a class. */
function addAction(steps: Step[], clause: Clause, action: string): void {
  const operator = action.charAt(0);
  clause.who &= ~STICKY;
  if (operator === '=') clause.cleared = false;
  let [bits, wanted] = [0, 0];
  for (const letter of action.slice(1)) {
    const shift = SHIFTS[letter];
    if (shift === undefined) {
      [bits, wanted] = gather(clause, operator, letter, bits, wanted);
      continue;
    }
    if (bits !== 0) addBits(steps, operator, clause.who, bits);
    if (operator === '=') clause.cleared = true;
    if (wanted !== 0) addWanted(steps, clause.who, wanted);
    [bits, wanted] = [0, 0];
    steps.push(copyBits(operator, clause.who, shift));
  }
  if (bits !== 0 || (operator === '=' && !clause.cleared)) {
    clause.cleared ||= operator === '=';
    addBits(steps, operator, clause.who, bits);
  }
  if (wanted !== 0) addWanted(steps, clause.who, wanted);
}

/** Set-id and sticky bits mean nothing to a clause that is about others alone; a sticky bit joins what the clause is about. */
function gather(clause: Clause, operator: string, letter: string, bits: number, wanted: number): [number, number] {
  const onlyOthers = clause.who !== 0 && (clause.who & ~0o007) === 0;
  switch (letter) {
    case 'r':
      return [bits | 0o444, wanted];
    case 'w':
      return [bits | 0o222, wanted];
    case 'x':
      return [bits | EXECUTE, wanted];
    case 'X':
      return operator === '-' ? [bits | EXECUTE, wanted] : [bits, EXECUTE];
    case 's':
      return onlyOthers ? [bits, wanted] : [bits | SETUID | SETGID, wanted];
    default:
      if (onlyOthers) return [bits, wanted];
      clause.who |= STICKY;
      return [bits | STICKY, wanted];
  }
}

function addBits(steps: Step[], operator: string, who: number, bits: number): void {
  const set = who === 0 ? bits : who & bits;
  if (operator === '=') steps.push((mode) => mode & ~(who === 0 ? STANDARD : who));
  steps.push(operator === '-' ? (mode) => mode & ~set : (mode) => mode | set);
}

function addWanted(steps: Step[], who: number, wanted: number): void {
  const set = who === 0 ? wanted : who & wanted;
  steps.push((mode, before, isDirectory) => (isDirectory || (before & EXECUTE) !== 0 ? mode | set : mode));
}

/** `g=u`: the three bits of one class into the others. */
function copyBits(operator: string, who: number, shift: number): Step {
  const targets = Object.values(SHIFTS).filter((target) => who === 0 || (who & (0o400 >> (6 - target))) !== 0);
  return (mode) => {
    const bits = (mode >> shift) & 7;
    return targets.reduce((changed, target) => {
      const cleared = operator === '+' ? changed : changed & ~((operator === '=' ? 7 : bits) << target);
      return operator === '-' ? cleared : cleared | (bits << target);
    }, mode);
  };
}
