/*
 * Takes commands, one a line, and says what came of them:
 *
 *   process S              a new process, whose main thread gets place S     -> S done PID
 *   do S OPERATION ARG…    one operation by the thread of place S            -> S done RESULT
 *   add S NEED OPERATION ARG…   one more for a concurrent row; NEED is the position of one that must not fail, or -1
 *   go SEED S…             all rows at once, without any pauses if SEED is 0 -> S done RESULT… for each
 *   release ZONE           lets the direct I/O of a zone of the disk finish; -1: of all
 *   patience MS            from now on, how long an operation may take before it counts as blocked
 *   clear                  kills every process                               -> cleared PROCESSES-LEFT
 *
 * An argument is a number, a text behind `=`, or `@N`, the result of command N of the row. Besides those there are the
 * answers `S blocked FUNCTION`, of an operation that goes on and is `done` later, FUNCTION being 0 where it does not sleep;
 * `S gone`, of a thread whose process has ended; `error TEXT`, of a line without sense; and `hello RELEASE DISK` to begin.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { TICK = 20, KILL_PATIENCE = 5000, ENDLESS = 15000 };

/* What the controller alone knows of each place. */
static struct {
  /* Of a main thread: readable once its process has ended; else -1. */
  int pidfd;
  bool busy, told_blocked;
  long deadline, began;
} places[THREADS];
static int server;
static long patience = 300;

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void say(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
  putchar('\n');
  if (fflush(stdout) != 0 || ferror(stdout)) exit(1);
}

static void gone(int place) {
  pid_t pid = shared->threads[place].pid;
  for (int i = 0; i < THREADS; i++) {
    if (shared->threads[i].pid != pid) continue;
    if (places[i].busy) say("%d gone", i);
    places[i].busy = false;
    shared->threads[i].pid = 0;
  }
  close(places[place].pidfd);
  places[place].pidfd = -1;
}

/* A process that cannot be watched must not live on: `clear` would neither kill nor miss it. */
static void watch(int place, pid_t pid) {
  places[place].pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (places[place].pidfd >= 0) return;
  kill(pid, SIGKILL);
  shared->threads[place].pid = 0;
}

static void new_process(int place) {
  make_ready(&shared->threads[place], 0);
  pid_t pid = fork();
  if (pid < 0) return say("%d done %d", place, -errno);
  if (pid == 0) {
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    for (int fd = STDERR_FILENO + 1; fd < 256; fd++)
      if (fd != bell) close(fd);
    work(&shared->threads[place]);
    _exit(0);
  }
  shared->threads[place].pid = pid;
  watch(place, pid);
  say("%d done %d", place, pid);
}

static void start(int place) {
  struct thread *thread = &shared->threads[place];
  if (thread->pid == 0) return say("%d gone", place);
  places[place].busy = true;
  places[place].told_blocked = false;
  places[place].deadline = (places[place].began = now()) + patience;
  atomic_fetch_add(&thread->ordered, 1);
  syscall(SYS_futex, &thread->ordered, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void finish(int place) {
  struct thread *thread = &shared->threads[place];
  const struct command *first = &thread->commands[0];
  if (first->operation == operation_named("fork") && thread->results[0] > 0)
    watch(first->numbers[0], thread->results[0]);
  char results[COMMANDS * 24] = "";
  for (int i = 0, at = 0; i < thread->count; i++) at += sprintf(results + at, " %ld", thread->results[i]);
  places[place].busy = false;
  thread->count = 0;
  thread->seed = 0;
  say("%d done%s", place, results);
}

/* Says so where an operation sleeps beyond its time, or computes beyond all reason. */
static void look_at_blocked(int place) {
  char path[64], function[64] = "0";
  struct thread *thread = &shared->threads[place];
  snprintf(path, sizeof path, "/proc/%d/task/%d/wchan", thread->pid, thread->tid);
  FILE *file = fopen(path, "re");
  if (file == NULL || fscanf(file, "%63s", function) != 1) function[0] = '0';
  if (file != NULL) fclose(file);
  places[place].deadline = now() + patience;
  if ((function[0] == '0' && now() < places[place].began + ENDLESS) || atomic_load(&thread->finished)) return;
  places[place].told_blocked = true;
  say("%d blocked %s", place, function);
}

/* Waits for something to happen, for at most a tick where something is under way; whether that is commands. */
static bool wait_for_events(bool with_commands) {
  struct pollfd events[3 + THREADS] = {
      {.fd = with_commands ? STDIN_FILENO : -1, .events = POLLIN}, {.fd = bell, .events = POLLIN}, {.fd = server, .events = POLLIN}};
  struct pollfd *ends = events + 3;
  bool busy = false;
  for (int i = 0; i < THREADS; i++) {
    ends[i] = (struct pollfd){.fd = places[i].pidfd, .events = POLLIN};
    busy |= places[i].busy;
  }
  poll(events, 3 + THREADS, busy || !with_commands ? TICK : -1);
  uint64_t rings;
  if (events[1].revents && read(bell, &rings, sizeof rings) < 0) exit(1);
  if (events[2].revents && !block_serve(server)) server = -1;
  for (int i = 0; i < THREADS; i++)
    if (places[i].busy && atomic_exchange(&shared->threads[i].finished, false)) finish(i);
  for (int i = 0; i < THREADS; i++) {
    if (ends[i].revents) gone(i);
    if (places[i].busy && !places[i].told_blocked && now() > places[i].deadline) look_at_blocked(i);
  }
  return events[0].revents != 0;
}

static int living(void) {
  int count = 0;
  for (int i = 0; i < THREADS; i++) count += places[i].pidfd >= 0;
  return count;
}

static void clear(void) {
  long deadline = now() + KILL_PATIENCE;
  block_release(server, -1);
  for (int i = 0; i < THREADS; i++)
    if (places[i].pidfd >= 0) syscall(SYS_pidfd_send_signal, places[i].pidfd, SIGKILL, NULL, 0);
  while (living() > 0 && now() < deadline) {
    wait_for_events(false);
    block_release(server, -1);
  }
  patience = 300;
  say("cleared %d", living());
}

/* One more command for a thread, of the words from the one that names an operation; false if they make no sense. */
static bool add_command(struct thread *thread, int needs, char **words, int count) {
  int earlier = thread->count, operation = count > 0 ? operation_named(words[0]) : -1;
  if (operation < 0 || earlier == COMMANDS) return false;
  struct command *command = &thread->commands[earlier];
  *command = (struct command){.operation = operation, .needs = needs < earlier ? needs : -1};
  int numbers = 0;
  for (int i = 1; i < count; i++) {
    const char *word = words[i];
    if (*word == '=' && strlen(word) <= TEXT_BYTES) strcpy(command->text, word + 1);
    else if (*word == '=' || numbers == NUMBERS) return false;
    else if (*word == '@' && (unsigned)atoi(word + 1) >= (unsigned)earlier) return false;
    else if (*word == '@') command->from[numbers++] = atoi(word + 1) + 1;
    else command->numbers[numbers++] = (long)strtoull(word, NULL, 0);
  }
  thread->count++;
  return true;
}

/* The number of a place whose thread has nothing to do; -1 if the word is none. */
static int idle_place(const char *word) {
  int place = atoi(word);
  return place >= 0 && place < THREADS && !places[place].busy ? place : -1;
}

static bool go(char **words, int count) {
  /* Those that begin wait for each other: for those alone that will. */
  int beginning = 0;
  for (int i = 2; i < count; i++) {
    int place = idle_place(words[i]);
    if (place < 0) return false;
    beginning += shared->threads[place].pid != 0;
  }
  atomic_store(&shared->starting, beginning);
  long seed = atol(words[1]);
  for (int i = 2; i < count; i++) {
    int place = atoi(words[i]);
    shared->threads[place].seed = seed == 0 ? 0 : ((unsigned)seed * 2654435761u + i) | 1;
    start(place);
  }
  return true;
}

static bool obey(char **words, int count) {
  const char *verb = words[0];
  if (strcmp(verb, "clear") == 0) return clear(), true;
  if (count < 2) return false;
  if (strcmp(verb, "release") == 0) return block_release(server, atol(words[1])), true;
  if (strcmp(verb, "patience") == 0) return patience = atol(words[1]), true;
  if (strcmp(verb, "go") == 0) return go(words, count);
  int place = idle_place(words[1]);
  if (place < 0) return false;
  struct thread *thread = &shared->threads[place];
  if (strcmp(verb, "process") == 0) return places[place].pidfd < 0 ? new_process(place), true : false;
  if (strcmp(verb, "add") == 0) return count > 2 && add_command(thread, atoi(words[2]), words + 3, count - 3);
  if (strcmp(verb, "do") != 0) return false;
  thread->count = 0;
  return add_command(thread, -1, words + 2, count - 2) && (start(place), true);
}

static void read_line(char *line) {
  char *words[3 + THREADS];
  int count = 0;
  for (char *word = strtok(line, " "); word != NULL && count < 3 + THREADS; word = strtok(NULL, " ")) words[count++] = word;
  if (count > 0 && !obey(words, count)) say("error cannot do: %.100s", words[0]);
}

/* Takes what there is of the input; false at its end. */
static bool read_lines(void) {
  static char text[1 << 14];
  static size_t length;
  ssize_t got = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  length += got;
  text[length] = 0;
  char *rest = text;
  while (strchr(rest, '\n') != NULL) read_line(strsep(&rest, "\n"));
  length -= rest - text;
  memmove(text, rest, length);
  return true;
}

int main(void) {
  struct utsname system;
  int access = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  shared = mmap(NULL, sizeof *shared, access, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  bell = eventfd(0, EFD_CLOEXEC);
  char *scratch = mmap(SCRATCH, THREADS * SCRATCH_BYTES, access, own, -1, 0);
  if (shared == MAP_FAILED || bell < 0 || scratch != SCRATCH) return 1;
  for (int i = 0; i < THREADS; i++) places[i].pidfd = -1;
  prepare_workers();
  server = block_open();
  uname(&system);
  say("hello %s %s", system.release, server < 0 ? "none" : "/dev/nbd0");
  while (!wait_for_events(true) || read_lines()) {
  }
  clear();
}
