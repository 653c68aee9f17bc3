/*
 * daxlab's agent: executes the operations of litmus tests with system calls, on a real kernel.
 *
 * A controller reads lines from its standard input and answers on its standard output (controller.c). The processes of a
 * test are its children and grandchildren; every thread of them has a place in memory that all share, takes commands
 * from there and leaves results there (worker.c, operations.c). The controller also is the server behind a network
 * block device, whose requests it can hold back as long as it likes (block.c): pages under direct I/O stay pinned for
 * exactly that long.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { THREADS = 64, COMMANDS = 96, NUMBERS = 7, TEXT_BYTES = 96 };

/* In every process: a page for each place, where the thread of that place has what its system calls take and give in memory. */
#define SCRATCH ((char *)0x3d0000000000)
enum { SCRATCH_BYTES = 4096 };

struct command {
  int operation;
  /* An earlier command of the same row that must not have failed; -1 for none. */
  int needs;
  long numbers[NUMBERS];
  /* Where a number is the result of an earlier command of the row: that one's position plus 1. */
  unsigned char from[NUMBERS];
  char text[TEXT_BYTES];
};

/* The result of a command that was left out because one that it needs had failed. */
#define LEFT_OUT (-1000000L)
/* A signal as a result: this less its number. */
#define SIGNAL_BASE (-1000L)

/* The place of one thread. */
struct thread {
  /* Rows of commands handed over, and taken, so far. The thread waits for `ordered` to change (futex). */
  _Atomic unsigned ordered;
  unsigned taken;
  /* Set by the thread when all of a row is done. */
  _Atomic bool finished;
  int count;
  /* Where the pauses between the commands of a row come from; 0 for none. */
  unsigned seed;
  pid_t pid, tid;
  struct command commands[COMMANDS];
  long results[COMMANDS];
};

/* Shared by the controller and all processes of the test. */
struct shared {
  struct thread threads[THREADS];
  /* Threads of a concurrent row that have not begun yet. */
  _Atomic int starting;
};

extern struct shared *shared;
/* Tells the controller that some thread has finished (eventfd). */
extern int bell;

/* worker.c */
void prepare_workers(void);
/* A place is about to be filled by a new thread, which has taken nothing yet, of a process (0: a new one). */
void make_ready(struct thread *place, pid_t pid);
/* Executes what the place's commands say until the thread leaves. */
void *work(void *place);
/* Set by a thread that is to end after its present row. */
extern _Thread_local bool leaving;

/* operations.c: the number of an operation by its name, -1 for none; and its execution. */
int operation_named(const char *name);
long perform(const struct command *command);

/* block.c: `block_serve` takes one request; false once the kernel has given the disk up. */
int block_open(void);
bool block_serve(int server);
void block_release(int server, long zone);
