const NEWLINE = Buffer.from('\n');

/** One PAX record, `<length> <key>=<value>\n`, where the length counts its own digits (POSIX pax, "pax Header Block"). */
export function paxRecord(key: string, value: Buffer | string): Buffer {
  const body = typeof value === 'string' ? Buffer.from(` ${key}=${value}\n`) : Buffer.concat([Buffer.from(` ${key}=`), value, NEWLINE]);
  let length = body.length + String(body.length).length;
  if (body.length + String(length).length !== length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

/** Reads the records of a PAX header into a map; throws a RangeError when they are malformed. */
export function readPaxRecords(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space));
    const equals = bytes.indexOf(0x3d, space);
    const end = at + length;
    if (space < 0 || !Number.isSafeInteger(length) || equals < 0 || equals >= end || end > bytes.length || bytes[end - 1] !== 0x0a) {
      throw new RangeError('malformed PAX record');
    }
    records.set(bytes.toString('utf8', space + 1, equals), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

const SECOND = 1_000_000_000n;

/** Nanoseconds as PAX writes times: decimal seconds, trailing zeros dropped. */
export function paxTime(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction = String(value % SECOND).padStart(9, '0').replace(/0+$/, '');
  return `${sign}${value / SECOND}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The reverse of `paxTime`; digits below a nanosecond are dropped. Throws a RangeError. */
export function parsePaxTime(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) throw new RangeError(`malformed time ${JSON.stringify(text)}`);
  const value = BigInt(match[2] ?? 0) * SECOND + BigInt((match[3] ?? '').slice(0, 9).padEnd(9, '0'));
  return match[1] === '-' ? -value : value;
}
