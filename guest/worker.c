#define _GNU_SOURCE
#include "agent.h"
#include <linux/futex.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

struct shared *shared;
int bell;

static _Thread_local sigjmp_buf before;
static _Thread_local volatile sig_atomic_t performing;
_Thread_local bool leaving;
/* Threads come and go within a test: what is theirs alone goes with them. */
static _Thread_local char signal_stack[64 * 1024];

/* A touch that the kernel answers with a signal is a result; anywhere else it is a defect of the agent. */
static void caught(int signal_number) {
  if (!performing) _exit(128 + signal_number);
  siglongjmp(before, signal_number);
}

void prepare_workers(void) {
  struct sigaction action = {.sa_handler = caught, .sa_flags = SA_ONSTACK};
  sigaction(SIGBUS, &action, NULL);
  sigaction(SIGSEGV, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_IGN);
}

void make_ready(struct thread *place, pid_t pid) {
  place->pid = pid;
  place->taken = atomic_load(&place->ordered);
  place->count = 0;
  place->seed = 0;
  atomic_store(&place->finished, false);
}

static long perform_caught(const struct command *command) {
  int signal_number = sigsetjmp(before, 1);
  performing = signal_number == 0;
  long result = performing ? perform(command) : SIGNAL_BASE - signal_number;
  performing = 0;
  return result;
}

/* A pause of a random number of turns, mostly short: what makes the threads of a row meet differently every time. */
static void pause_randomly(unsigned *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  unsigned turns = (*seed >> 8) & ((1u << ((*seed >> 4) & 15)) - 1);
  for (volatile unsigned turn = 0; turn < turns; turn++) {
  }
}

static void run_row(struct thread *self) {
  if (self->seed != 0) {
    atomic_fetch_sub(&shared->starting, 1);
    while (atomic_load(&shared->starting) > 0) {
    }
  }
  for (int i = 0; i < self->count; i++) {
    struct command command = self->commands[i];
    if (command.needs >= 0 && self->results[command.needs] < 0) {
      self->results[i] = LEFT_OUT;
      continue;
    }
    if (self->seed != 0) pause_randomly(&self->seed);
    for (int n = 0; n < NUMBERS; n++)
      if (command.from[n] != 0) command.numbers[n] = self->results[command.from[n] - 1];
    self->results[i] = perform_caught(&command);
  }
}

void *work(void *place) {
  struct thread *self = place;
  self->pid = getpid();
  self->tid = gettid();
  stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
  sigaltstack(&stack, NULL);
  leaving = false;
  while (!leaving) {
    while (atomic_load(&self->ordered) == self->taken)
      syscall(SYS_futex, &self->ordered, FUTEX_WAIT, self->taken, NULL, NULL, 0);
    self->taken = atomic_load(&self->ordered);
    run_row(self);
    atomic_store(&self->finished, true);
    uint64_t one = 1;
    if (write(bell, &one, sizeof one) < 0) _exit(1);
  }
  return NULL;
}
