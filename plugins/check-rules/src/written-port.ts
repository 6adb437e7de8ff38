/** A port of EXPOSE in its parts: `[[ip:]host:]container[/protocol]`. */
export interface WrittenPort {
  /** What stands before the container's port, with the colon; empty when nothing does. */
  readonly before: string;
  readonly container: string;
  /** As written; empty when there is none. */
  readonly protocol: string;
}

/** Parts a port as EXPOSE has it. Any text has parts. */
export function writtenPort(text: string): WrittenPort {
  const colon = text.lastIndexOf(':') + 1;
  const [container = '', ...protocol] = text.slice(colon).split('/');
  return { before: text.slice(0, colon), container, protocol: protocol.join('/') };
}
