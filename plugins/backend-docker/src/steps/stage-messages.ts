/** A message of `POST /build`. */
export interface BuildMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
  readonly aux?: { readonly ID?: string };
}

/** What a line of the engine's builder says. */
export type StageLine =
  | { readonly kind: 'step'; readonly number: number }
  | { readonly kind: 'cached' }
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'image'; readonly id: string }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'output'; readonly stream: 1 | 2; readonly text: string };

const RED = /^\u001b\[91m([^]*)\u001b\[0m$/;

/** Reads what the builder says; all else is output of a program, standard error in red. */
export function readLine(text: string): StageLine {
  const step = /^Step (\d+)\/\d+ : /.exec(text);
  if (step !== null) return { kind: 'step', number: Number(step[1]) };
  if (text === ' ---> Using cache\n') return { kind: 'cached' };
  const said = /^ ---> (Running in |Removed intermediate container )?([0-9a-f]{12})\n$|^(Removing intermediate container )([0-9a-f]{12})\n$/.exec(text);
  if (said !== null) {
    const id = said[2] ?? said[4] ?? '';
    if (said[1] === 'Running in ') return { kind: 'container', id };
    return said[1] === undefined && said[3] === undefined ? { kind: 'image', id } : { kind: 'removed', id };
  }
  if (/^Successfully built [0-9a-f]{12}\n$|^# Executing \d+ build triggers?\n?$/.test(text)) return { kind: 'end' };
  const red = RED.exec(text);
  return red === null ? { kind: 'output', stream: 1, text } : { kind: 'output', stream: 2, text: red[1] ?? '' };
}
