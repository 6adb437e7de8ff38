/*
 * The first process of a container that steps run in, and what these steps need that an image may lack. No library, no thread:
 *
 *   init                          removes its own file, then waits and leaves no zombie
 *   init rm PATH...               removes files and empty directories; what is not there, or is mounted on, stays
 *   init write PATH UID GID MODE  makes a file, and the directories above it, of what it reads; numbers are octal
 *   init mkdir PATH UID GID MODE  makes a directory and those above it; ends with 4 where a part of the path is no directory
 *
 * Rebuild with src/run/init/build.sh after a change.
 */
#if defined(__x86_64__)
enum { READ = 0, WRITE = 1, OPENAT = 257, MKDIRAT = 258, UNLINKAT = 263, FCHOWN = 93, FCHMOD = 91, FCHOWNAT = 260, FCHMODAT = 268, SIGACTION = 13, PPOLL = 271, EXIT = 60, DIRECTORY = 0200000 };
static long call(long n, long a, long b, long c, long d, long e) {
  long r;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return r;
}
__asm__(".globl _start\n_start:\nmov %rsp,%rdi\nand $-16,%rsp\ncall entry\n");
#elif defined(__aarch64__)
enum { READ = 63, WRITE = 64, OPENAT = 56, MKDIRAT = 34, UNLINKAT = 35, FCHOWN = 55, FCHMOD = 52, FCHOWNAT = 54, FCHMODAT = 53, SIGACTION = 134, PPOLL = 73, EXIT = 93, DIRECTORY = 040000 };
static long call(long n, long a, long b, long c, long d, long e) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
__asm__(".globl _start\n_start:\nmov x0,sp\nbl entry\n");
#endif

enum { CWD = -100, REMOVEDIR = 0x200, WRITE_ONLY = 01, CREATE = 0100, TRUNCATE = 01000, CHILD = 17 };

static void end(long status) { call(EXIT, status, 0, 0, 0, 0); }

static long octal(const char *text) {
  long value = 0;
  for (; *text; text++) value = value * 8 + (*text - '0');
  return value;
}

static void wait_for_ever(const char *own) {
  static const unsigned long ignore[4] = { 1 /* SIG_IGN */, 2 /* SA_NOCLDWAIT */, 0, 0 };
  call(UNLINKAT, CWD, (long)own, 0, 0, 0);
  call(SIGACTION, CHILD, (long)ignore, 0, 8, 0);
  for (;;) call(PPOLL, 0, 0, 0, 0, 0);
}

static void write_file(char *path, long uid, long gid, long mode) {
  static char buffer[16384];
  for (char *at = path + 1; *at; at++) {
    if (*at != '/') continue;
    *at = 0;
    call(MKDIRAT, CWD, (long)path, 0755, 0, 0);
    *at = '/';
  }
  long file = call(OPENAT, CWD, (long)path, WRITE_ONLY | CREATE | TRUNCATE, 0600, 0);
  if (file < 0) end(1);
  for (long length; (length = call(READ, 0, (long)buffer, sizeof buffer, 0, 0)) > 0;)
    for (long done = 0; done < length;) {
      long written = call(WRITE, file, (long)(buffer + done), length - done, 0, 0);
      if (written <= 0) end(2);
      done += written;
    }
  if (call(FCHOWN, file, uid, gid, 0, 0) < 0 || call(FCHMOD, file, mode, 0, 0, 0) < 0) end(3);
}

static void make_directories(char *path, long uid, long gid, long mode) {
  long result = 0;
  for (char *at = path + 1;; at++) {
    char kept = *at;
    if (kept && kept != '/') continue;
    *at = 0;
    result = call(MKDIRAT, CWD, (long)path, 0700, 0, 0);
    if (result == 0 && (call(FCHOWNAT, CWD, (long)path, uid, gid, 0) < 0 || call(FCHMODAT, CWD, (long)path, mode, 0, 0) < 0)) end(3);
    *at = kept;
    if (!kept) break;
  }
  /* What is there already must be a directory. */
  long there = call(OPENAT, CWD, (long)path, DIRECTORY, 0, 0);
  if (there < 0) end(4);
}

void entry(long *stack) {
  long count = stack[0];
  char **words = (char **)(stack + 1);
  if (count == 1) wait_for_ever(words[0]);
  if (words[1][0] == 'w' && count == 6) write_file(words[2], octal(words[3]), octal(words[4]), octal(words[5]));
  if (words[1][0] == 'm' && count == 6) make_directories(words[2], octal(words[3]), octal(words[4]), octal(words[5]));
  if (words[1][0] == 'r')
    for (long at = 2; at < count; at++)
      if (call(UNLINKAT, CWD, (long)words[at], 0, 0, 0) < 0) call(UNLINKAT, CWD, (long)words[at], REMOVEDIR, 0, 0);
  end(0);
}
