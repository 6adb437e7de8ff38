/*
 * The first process of a container that steps run in, and what these steps need that an image may lack. No library, no thread:
 *
 *   init                          removes its own file, then does what it reads, one request after the other; ends when nobody can ask any more
 *   init rm PATH...               removes files and empty directories; what is not there, or is mounted on, stays
 *   init write PATH UID GID MODE  makes a file, and the directories above it, of what it reads; numbers are octal
 *   init mkdir PATH UID GID MODE  makes a directory and those above it; ends with 4 where a part of the path is no directory
 *
 *   init agent PATH UID GID MODE  listens on a socket, and carries what its clients say over its input and output, until its input ends. Both are frames: a byte for
 *                                 the client, two for the length (little end first), so many bytes; none ends a client. The first frame, of client 255, says that it listens
 *
 * A request is four bytes of length (little end first) and so many bytes of words, each ended by a zero. The first is the mark that is written to both
 * outputs when all is over and nothing that the request started is left, with a status in octal and a line's end; the second says what is wanted:
 *
 *   x USER DIRECTORY COUNT WORD... VARIABLE...   runs a program; 1000 (octal) where that is for the engine to do, or to refuse
 *   k                                            ends everything that runs beside it
 *   m PATH UID GID MODE, w PATH UID GID MODE     as above; what is written is the rest of the request
 *   d PATH...                                    removes files and empty directories, as above
 *   r FROM TO                                    gives a file another name: 1 where there is none, 2 where that cannot be, 3 on another file system
 *   l TEXT PATH                                  makes a symbolic link; 2 where that cannot be
 *   c FROM TO UID GID MODE SECONDS               copies a file, with a time; 2 where that cannot be
 *
 * Rebuild with src/run/init/build.sh after a change.
 */
#if defined(__x86_64__)
enum { READ = 0, WRITE = 1, OPENAT = 257, MKDIRAT = 258, UNLINKAT = 263, FCHOWN = 93, FCHMOD = 91, FCHOWNAT = 260, FCHMODAT = 268, PPOLL = 271, EXIT = 60, CLOSE = 3, CLONE = 56, EXECVE = 59, WAIT = 61, KILL = 62, CHDIR = 80, SETSID = 112, SETUID = 105, SETGID = 106, SETGROUPS = 116, DUP = 292, PIPE = 293, SIGMASK = 14, SIGNALFD = 289, RENAMEAT = 264, SYMLINKAT = 266, UTIMENSAT = 280, SOCKET = 41, BIND = 49, LISTEN = 50, ACCEPT = 288, DIRECTORY = 0200000 };
static long call(long n, long a, long b, long c, long d, long e) {
  long r;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return r;
}
__asm__(".globl _start\n_start:\nmov %rsp,%rdi\nand $-16,%rsp\ncall entry\n");
#elif defined(__aarch64__)
enum { READ = 63, WRITE = 64, OPENAT = 56, MKDIRAT = 34, UNLINKAT = 35, FCHOWN = 55, FCHMOD = 52, FCHOWNAT = 54, FCHMODAT = 53, PPOLL = 73, EXIT = 93, CLOSE = 57, CLONE = 220, EXECVE = 221, WAIT = 260, KILL = 129, CHDIR = 49, SETSID = 157, SETUID = 146, SETGID = 144, SETGROUPS = 159, DUP = 24, PIPE = 59, SIGMASK = 135, SIGNALFD = 74, RENAMEAT = 38, SYMLINKAT = 36, UTIMENSAT = 88, SOCKET = 198, BIND = 200, LISTEN = 201, ACCEPT = 242, DIRECTORY = 040000 };
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

enum { CWD = -100, REMOVEDIR = 0x200, WRITE_ONLY = 01, CREATE = 0100, TRUNCATE = 01000, CLOSE_ON_EXEC = 02000000, CHILD = 17, KILLED = 9, READABLE = 1 };
/* Statuses beside those of programs. */
enum { FOR_THE_ENGINE = 512 };

static void end(long status) { call(EXIT, status, 0, 0, 0, 0); }

static long octal(const char *text) {
  long value = 0;
  for (; *text; text++) value = value * 8 + (*text - '0');
  return value;
}

static long open_new(char *path) {
  for (char *at = path + 1; *at; at++) {
    if (*at != '/') continue;
    *at = 0;
    call(MKDIRAT, CWD, (long)path, 0755, 0, 0);
    *at = '/';
  }
  return call(OPENAT, CWD, (long)path, WRITE_ONLY | CREATE | TRUNCATE, 0600, 0);
}

static long write_all(long file, const char *from, long length) {
  for (long done = 0; done < length;) {
    long written = call(WRITE, file, (long)(from + done), length - done, 0, 0);
    if (written <= 0) return 2;
    done += written;
  }
  return 0;
}

static long give(long file, long uid, long gid, long mode) { return call(FCHOWN, file, uid, gid, 0, 0) < 0 || call(FCHMOD, file, mode, 0, 0, 0) < 0 ? 3 : 0; }

static long write_input(char *path, long uid, long gid, long mode) {
  static char buffer[16384];
  long file = open_new(path);
  if (file < 0) return 1;
  for (long length; (length = call(READ, 0, (long)buffer, sizeof buffer, 0, 0)) > 0;)
    if (write_all(file, buffer, length)) return 2;
  return give(file, uid, gid, mode);
}

static long write_rest(char *path, long uid, long gid, long mode, const char *content, long length) {
  long file = open_new(path);
  if (file < 0) return 1;
  long failed = write_all(file, content, length);
  if (!failed) failed = give(file, uid, gid, mode);
  call(CLOSE, file, 0, 0, 0, 0);
  return failed;
}

static long rename_file(const char *from, const char *to) {
  long failed = call(RENAMEAT, CWD, (long)from, CWD, (long)to, 0);
  return failed == 0 ? 0 : failed == -2 /* ENOENT */ ? 1 : failed == -18 /* EXDEV */ ? 3 : 2;
}

static long copy_file(const char *from, char *to, long uid, long gid, long mode, long seconds) {
  static char buffer[65536];
  long times[4] = { seconds, 0, seconds, 0 };
  long source = call(OPENAT, CWD, (long)from, CLOSE_ON_EXEC, 0, 0);
  long file = source < 0 ? -1 : open_new(to);
  long failed = file < 0 ? 2 : 0;
  for (long length; !failed && (length = call(READ, source, (long)buffer, sizeof buffer, 0, 0)) != 0;) failed = length < 0 ? 2 : write_all(file, buffer, length);
  if (!failed && give(file, uid, gid, mode)) failed = 2;
  if (source >= 0) call(CLOSE, source, 0, 0, 0, 0);
  if (file >= 0) call(CLOSE, file, 0, 0, 0, 0);
  if (!failed) call(UTIMENSAT, CWD, (long)to, (long)times, 0, 0);
  return failed;
}

static void remove_all(char **paths, long count) {
  for (long at = 0; at < count; at++)
    if (call(UNLINKAT, CWD, (long)paths[at], 0, 0, 0) < 0) call(UNLINKAT, CWD, (long)paths[at], REMOVEDIR, 0, 0);
}

static long make_directories(char *path, long uid, long gid, long mode) {
  long result = 0;
  for (char *at = path + 1;; at++) {
    char kept = *at;
    if (kept && kept != '/') continue;
    *at = 0;
    result = call(MKDIRAT, CWD, (long)path, 0700, 0, 0);
    if (result == 0 && (call(FCHOWNAT, CWD, (long)path, uid, gid, 0) < 0 || call(FCHMODAT, CWD, (long)path, mode, 0, 0) < 0)) return 3;
    *at = kept;
    if (!kept) break;
  }
  /* What is there already must be a directory. */
  long there = call(OPENAT, CWD, (long)path, DIRECTORY, 0, 0);
  if (there < 0) return 4;
  call(CLOSE, there, 0, 0, 0, 0);
  return 0;
}

static long length_of(const char *text) {
  long length = 0;
  while (text[length]) length++;
  return length;
}

static int equal(const char *left, const char *right, long length) {
  for (long at = 0; at < length; at++)
    if (left[at] != right[at]) return 0;
  return 1;
}

/* -1 for what is no number. */
static long decimal(const char *text, long length) {
  long value = 0;
  if (length == 0 || length > 10) return -1;
  for (long at = 0; at < length; at++) {
    if (text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value > 0xfffffffeL ? -1 : value;
}

/* A file of accounts. What is longer than there is room for is not read at all. */
struct text { char bytes[1 << 18]; long length; };

static int read_text(const char *path, struct text *text) {
  text->length = 0;
  long file = call(OPENAT, CWD, (long)path, CLOSE_ON_EXEC, 0, 0);
  if (file < 0) return file == -2 /* ENOENT */;
  long length;
  while ((length = call(READ, file, (long)(text->bytes + text->length), sizeof text->bytes - text->length, 0, 0)) > 0) text->length += length;
  call(CLOSE, file, 0, 0, 0, 0);
  return length == 0 && text->length < (long)sizeof text->bytes;
}

/* A part of a line, between colons. */
struct part { const char *text; long length; };

static struct part part_of(const char *line, const char *end, long number) {
  while (number > 0 && line < end) if (*line++ == ':') number--;
  const char *stop = line;
  while (stop < end && *stop != ':') stop++;
  struct part part = { line, stop - line };
  return part;
}

static const char *line_end(const char *line, const char *end) {
  while (line < end && *line != '\n') line++;
  return line;
}

static int is(struct part part, const char *text, long length) { return part.length == length && equal(part.text, text, length); }

/* Whom a program runs as. */
struct user { long uid, gid, count; unsigned groups[1024]; char home[4096]; };

static int is_member(struct part list, struct part name) {
  for (long from = 0, at = 0; at <= list.length; at++) {
    if (at < list.length && list.text[at] != ',') continue;
    if (at - from == name.length && equal(list.text + from, name.text, name.length)) return 1;
    from = at + 1;
  }
  return 0;
}

/* The own group is one of the others too, as engines have it since CVE-2022-36109. */
static int with_own_group(struct user *user) {
  for (long at = 0; at < user->count; at++)
    if ((long)user->groups[at] == user->gid) return 1;
  if (user->count == 1024) return 0;
  user->groups[user->count++] = user->gid;
  return 1;
}

/* As runc finds them. Nobody where it is for the engine to say what is wrong. */
static int find_user(const char *wanted, struct user *user) {
  static struct text passwd, group;
  long length = 0;
  while (wanted[length] && wanted[length] != ':') length++;
  const char *wanted_group = wanted[length] ? wanted + length + 1 : 0;
  if (length == 0 || !read_text("/etc/passwd", &passwd) || !read_text("/etc/group", &group)) return 0;
  struct part name = { 0, -1 };
  user->uid = decimal(wanted, length);
  user->gid = 0;
  user->count = 0;
  user->home[0] = '/';
  user->home[1] = 0;
  const char *end = passwd.bytes + passwd.length;
  for (const char *line = passwd.bytes; line < end;) {
    const char *stop = line_end(line, end);
    struct part uid = part_of(line, stop, 2), home = part_of(line, stop, 5);
    if (is(part_of(line, stop, 0), wanted, length) || is(uid, wanted, length)) {
      name = part_of(line, stop, 0);
      user->uid = decimal(uid.text, uid.length);
      struct part gid = part_of(line, stop, 3);
      user->gid = decimal(gid.text, gid.length);
      if (home.length >= (long)sizeof user->home) return 0;
      for (long at = 0; at < home.length; at++) user->home[at] = home.text[at];
      user->home[home.length] = 0;
      if (home.length == 0) return 0;
      break;
    }
    line = stop + 1;
  }
  if (user->uid < 0 || user->gid < 0) return 0;
  int found = 0;
  end = group.bytes + group.length;
  for (const char *line = group.bytes; line < end;) {
    const char *stop = line_end(line, end);
    struct part number = part_of(line, stop, 2);
    long gid = decimal(number.text, number.length);
    if (wanted_group) {
      long of = length_of(wanted_group);
      if (gid >= 0 && (is(part_of(line, stop, 0), wanted_group, of) || is(number, wanted_group, of))) {
        user->gid = gid;
        found = 1;
        break;
      }
    } else if (gid >= 0 && name.length > 0 && is_member(part_of(line, stop, 3), name)) {
      if (user->count == 1024) return 0;
      user->groups[user->count++] = gid;
    }
    line = stop + 1;
  }
  if (wanted_group && !found) user->gid = decimal(wanted_group, length_of(wanted_group));
  return user->gid >= 0 && with_own_group(user);
}

static char *vector[1 << 16];

static const char *value_of(char **variables, const char *name, long length) {
  for (; *variables; variables++)
    if (equal(*variables, name, length)) return *variables + length;
  return 0;
}

/* Comes back only where it cannot. */
static void execute(char **words, char **variables) {
  static char path[8192];
  const char *name = words[0];
  long length = length_of(name);
  for (long at = 0; at < length; at++)
    if (name[at] == '/') {
      call(EXECVE, (long)name, (long)words, (long)variables, 0, 0);
      return;
    }
  const char *folders = value_of(variables, "PATH=", 5);
  while (folders && *folders) {
    long of = 0;
    for (; folders[of] && folders[of] != ':'; of++)
      if (of < 4096) path[of] = folders[of];
    if (folders[0] == '/' && of < 4096 && length < 4000) {
      path[of] = '/';
      for (long at = 0; at <= length; at++) path[of + 1 + at] = name[at];
      call(EXECVE, (long)path, (long)words, (long)variables, 0, 0);
    }
    folders += of + (folders[of] == ':');
  }
}

/* In a process of its own. Whoever reads the other end of `failed` learns that no program was started. */
static void become(struct user *user, char *directory, char **words, char **variables, long failed) {
  static const unsigned long none = 0;
  call(SETSID, 0, 0, 0, 0, 0);
  call(DUP, call(OPENAT, CWD, (long)"/dev/null", 0, 0, 0), 0, 0, 0, 0);
  for (long output = 1; output <= 2; output++) call(FCHOWN, output, user->uid, -1, 0, 0);
  if (call(CHDIR, (long)directory, 0, 0, 0, 0) < 0 && (make_directories(directory, user->uid, user->gid, 0755) || call(CHDIR, (long)directory, 0, 0, 0, 0) < 0)) goto engine;
  if (call(SETGROUPS, user->count, (long)user->groups, 0, 0, 0) < 0 || call(SETGID, user->gid, 0, 0, 0, 0) < 0 || call(SETUID, user->uid, 0, 0, 0, 0) < 0) goto engine;
  /* The engine looks again as the user. */
  if (call(CHDIR, (long)directory, 0, 0, 0, 0) < 0) goto engine;
  call(SIGMASK, 2 /* SIG_SETMASK */, (long)&none, 0, 8, 0);
  execute(words, variables);
engine:
  call(WRITE, failed, (long)"", 1, 0, 0);
  end(1);
}

/* One end of its input: nobody can ask any more, and all that it started ends with it. */
static void read_exactly(char *into, long length) {
  for (long done = 0; done < length;) {
    long got = call(READ, 0, (long)(into + done), length - done, 0, 0);
    if (got <= 0) end(0);
    done += got;
  }
}

struct poll { int file; short wanted, got; };

/* The status of a child; it looks at the input meanwhile, which only ends then. */
static long status_of(long child, long signals) {
  static char ignored[128];
  for (;;) {
    struct poll polls[2] = { { 0, READABLE, 0 }, { signals, READABLE, 0 } };
    call(PPOLL, (long)polls, 2, 0, 0, 8);
    if (polls[0].got) end(0);
    if (polls[1].got) call(READ, signals, (long)ignored, sizeof ignored, 0, 0);
    int status = 0;
    for (long ended; (ended = call(WAIT, -1, (long)&status, 1 /* WNOHANG */, 0, 0)) > 0;)
      if (ended == child) return (status & 127) ? 128 + (status & 127) : (status >> 8) & 255;
  }
}

/* Nothing of ours runs: what others have left for it to bury is buried. */
static void await_request(long signals) {
  static char ignored[128];
  int status;
  for (;;) {
    struct poll polls[2] = { { 0, READABLE, 0 }, { signals, READABLE, 0 } };
    call(PPOLL, (long)polls, 2, 0, 0, 8);
    if (polls[0].got) return;
    if (polls[1].got) call(READ, signals, (long)ignored, sizeof ignored, 0, 0);
    while (call(WAIT, -1, (long)&status, 1 /* WNOHANG */, 0, 0) > 0)
      ;
  }
}

static void end_all(void) {
  int status;
  call(KILL, -1, KILLED, 0, 0, 0);
  while (call(WAIT, -1, (long)&status, 0, 0, 0) > 0)
    ;
}

static long run(char *user_name, char *directory, char **words, char **variables, long count, long signals) {
  static struct user user;
  static char home[4104];
  if (!find_user(user_name, &user)) return FOR_THE_ENGINE;
  if (!value_of(variables, "HOME=", 5)) {
    for (long at = 0; at < 5; at++) home[at] = "HOME="[at];
    for (long at = 0; at <= length_of(user.home); at++) home[5 + at] = user.home[at];
    variables[count] = home;
    variables[count + 1] = 0;
  }
  int failed[2];
  if (call(PIPE, (long)failed, CLOSE_ON_EXEC, 0, 0, 0) < 0) return FOR_THE_ENGINE;
  long child = call(CLONE, CHILD, 0, 0, 0, 0);
  if (child == 0) become(&user, directory, words, variables, failed[1]);
  call(CLOSE, failed[1], 0, 0, 0, 0);
  long status = child < 0 ? FOR_THE_ENGINE : status_of(child, signals);
  end_all();
  char byte;
  if (call(READ, failed[0], (long)&byte, 1, 0, 0) == 1) status = FOR_THE_ENGINE;
  call(CLOSE, failed[0], 0, 0, 0, 0);
  return status;
}

static void answer(const char *mark, long status) {
  char line[72];
  long length = length_of(mark);
  for (long at = 0; at < length; at++) line[at + 1] = mark[at];
  line[0] = 0;
  for (long shift = 9; shift >= 0; shift -= 3) line[++length] = '0' + ((status >> shift) & 7);
  line[++length] = '\n';
  write_all(1, line, length + 1);
  write_all(2, line, length + 1);
}

static void serve(const char *own) {
  static char bytes[1 << 21];
  static const unsigned long child = 1UL << (CHILD - 1);
  call(UNLINKAT, CWD, (long)own, 0, 0, 0);
  call(SIGMASK, 0 /* SIG_BLOCK */, (long)&child, 0, 8, 0);
  long signals = call(SIGNALFD, -1, (long)&child, 8, CLOSE_ON_EXEC, 0);
  for (;;) {
    unsigned length;
    await_request(signals);
    read_exactly((char *)&length, 4);
    if (length == 0 || length > sizeof bytes) end(1);
    read_exactly(bytes, length);
    long count = 0;
    for (long at = 0; at < length && count < (1 << 16) - 4; at += length_of(bytes + at) + 1) {
      vector[count++] = bytes + at;
      if (vector[1] && vector[1][0] == 'w' && count == 6) {
        at += length_of(bytes + at) + 1;
        vector[count++] = bytes + at;
        break;
      }
    }
    long status = FOR_THE_ENGINE;
    if (vector[1][0] == 'w') status = write_rest(vector[2], octal(vector[3]), octal(vector[4]), octal(vector[5]), vector[6], bytes + length - vector[6]);
    if (vector[1][0] == 'k') {
      end_all();
      status = 0;
    }
    if (vector[1][0] == 'd') {
      remove_all(vector + 2, count - 2);
      status = 0;
    }
    if (vector[1][0] == 'r') status = rename_file(vector[2], vector[3]);
    if (vector[1][0] == 'l') status = call(SYMLINKAT, (long)vector[2], CWD, (long)vector[3], 0, 0) < 0 ? 2 : 0;
    if (vector[1][0] == 'c') status = copy_file(vector[2], vector[3], octal(vector[4]), octal(vector[5]), octal(vector[6]), octal(vector[7]));
    if (vector[1][0] == 'm') status = make_directories(vector[2], octal(vector[3]), octal(vector[4]), octal(vector[5]));
    if (vector[1][0] == 'x') {
      /* Words, nothing, variables, nothing: what comes after the words moves on by one. */
      long words = octal(vector[4]);
      for (long at = count; at > 5 + words; at--) vector[at] = vector[at - 1];
      vector[5 + words] = 0;
      vector[count + 1] = 0;
      status = run(vector[2], vector[3], vector + 5, vector + 6 + words, count - 5 - words, signals);
    }
    answer(vector[0], status);
    vector[1] = 0;
  }
}

enum { CLIENTS = 64, FRAME = 3 };

static void send_frame(long client, unsigned char *frame, long length) {
  frame[0] = client;
  frame[1] = length & 255;
  frame[2] = length >> 8;
  if (write_all(1, (const char *)frame, FRAME + length)) end(2);
}

/* What a client is sent; one that is gone loses it. */
static void take_frame(long *clients) {
  static unsigned char frame[FRAME + 65536];
  read_exactly((char *)frame, FRAME);
  long length = frame[1] | frame[2] << 8;
  read_exactly((char *)frame + FRAME, length);
  if (frame[0] >= CLIENTS || clients[frame[0]] < 0) return;
  if (length > 0 && write_all(clients[frame[0]], (const char *)frame + FRAME, length) == 0) return;
  call(CLOSE, clients[frame[0]], 0, 0, 0, 0);
  clients[frame[0]] = -1;
}

static void carry(long client, long *clients) {
  static unsigned char frame[FRAME + 16384];
  long length = call(READ, clients[client], (long)(frame + FRAME), 16384, 0, 0);
  if (length < 0) length = 0;
  send_frame(client, frame, length);
  if (length > 0) return;
  call(CLOSE, clients[client], 0, 0, 0, 0);
  clients[client] = -1;
}

static void agent(const char *path, long uid, long gid, long mode) {
  static struct { short family; char path[108]; } address = { 1, { 0 } };
  static unsigned char ready[FRAME];
  static const unsigned long pipe_signal = 1UL << 12;
  long clients[CLIENTS];
  long length = length_of(path);
  if (length > 107) end(3);
  for (long at = 0; at < length; at++) address.path[at] = path[at];
  for (long at = 0; at < CLIENTS; at++) clients[at] = -1;
  /* A client that has gone is no reason to end. */
  call(SIGMASK, 0 /* SIG_BLOCK */, (long)&pipe_signal, 0, 8, 0);
  long listener = call(SOCKET, 1, 1 | CLOSE_ON_EXEC, 0, 0, 0);
  if (listener < 0 || call(BIND, listener, (long)&address, sizeof address, 0, 0) < 0) end(4);
  if (call(FCHOWNAT, CWD, (long)path, uid, gid, 0) < 0 || call(FCHMODAT, CWD, (long)path, mode, 0, 0) < 0 || call(LISTEN, listener, 16, 0, 0, 0) < 0) end(5);
  send_frame(255, ready, 0);
  for (;;) {
    static struct poll polls[CLIENTS + 2];
    for (long at = 0; at < CLIENTS + 2; at++) {
      polls[at].file = at == 0 ? 0 : at == 1 ? listener : clients[at - 2];
      polls[at].wanted = READABLE;
      polls[at].got = 0;
    }
    call(PPOLL, (long)polls, CLIENTS + 2, 0, 0, 8);
    if (polls[0].got) take_frame(clients);
    for (long at = 0; at < CLIENTS; at++)
      if (polls[at + 2].got && clients[at] == polls[at + 2].file && clients[at] >= 0) carry(at, clients);
    if (!polls[1].got) continue;
    long client = call(ACCEPT, listener, 0, 0, CLOSE_ON_EXEC, 0), free = 0;
    while (free < CLIENTS && clients[free] >= 0) free++;
    if (client >= 0 && free < CLIENTS) clients[free] = client;
    else if (client >= 0) call(CLOSE, client, 0, 0, 0, 0);
  }
}

void entry(long *stack) {
  long count = stack[0];
  char **words = (char **)(stack + 1);
  if (count == 1) serve(words[0]);
  if (words[1][0] == 'w' && count == 6) end(write_input(words[2], octal(words[3]), octal(words[4]), octal(words[5])));
  if (words[1][0] == 'a' && count == 6) agent(words[2], octal(words[3]), octal(words[4]), octal(words[5]));
  if (words[1][0] == 'm' && count == 6) end(make_directories(words[2], octal(words[3]), octal(words[4]), octal(words[5])));
  if (words[1][0] == 'r') remove_all(words + 2, count - 2);
  end(0);
}
