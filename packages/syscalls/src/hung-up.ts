import { bind } from './libc';
import { check } from './system-error';

const nativePoll = bind('int poll(_Inout_ uint8_t *fds, unsigned long count, int timeout)');
const SIZE = 8;
const POLLERR = 0x0008;
const POLLHUP = 0x0010;
const POLLNVAL = 0x0020;
/** Linux: the other end sends nothing more. */
const POLLRDHUP = 0x2000;
const OVER = POLLERR | POLLHUP | POLLNVAL | POLLRDHUP;

/**
 * Which of some sockets have lost their other end (poll(2), which does not wait), also those with bytes that nobody has read: reading would tell so only
 * after the last of them. In the order of `fds`.
 */
export function hungUp(fds: readonly number[]): readonly boolean[] {
  if (fds.length === 0) return [];
  const entries = Buffer.alloc(fds.length * SIZE);
  const view = new DataView(entries.buffer, entries.byteOffset, entries.length);
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  fds.forEach((fd, index) => {
    view.setInt32(index * SIZE, fd, little);
    view.setInt16(index * SIZE + 4, POLLRDHUP, little);
  });
  check(nativePoll(entries, fds.length, 0), 'poll');
  return fds.map((_fd, index) => (view.getInt16(index * SIZE + 6, little) & OVER) !== 0);
}
