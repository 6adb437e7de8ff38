const NAMES = new Set(
  ('ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP ' +
    'TTIN TTOU UNUSED URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX').split(' '),
);

/** Whether it is a signal to Docker: any whole number of 64 bits but 0, or a name with or without SIG; RTMIN+n and RTMAX-n too. */
export function isSignal(text: string): boolean {
  if (/^[-+]?[0-9]+$/.test(text)) {
    const number = BigInt(text.replace('+', ''));
    return number !== 0n && BigInt.asIntN(64, number) === number;
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RT(?:MIN\+|MAX-)([0-9]+)$/.exec(name);
  return realTime === null ? NAMES.has(name) : Number(realTime[1]) >= 1 && Number(realTime[1]) <= (name.startsWith('RTMIN') ? 15 : 14);
}
