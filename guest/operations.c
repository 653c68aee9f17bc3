/*
 * What a thread of a test can be told to do. Results are values, or negative errnos. Most of it is `syscall`, which takes
 * plain numbers as they are; what a system call wants in memory is put there with `set` and `text`, and what it leaves
 * there is read with `get`. Here is what must be one command, or cannot be a system call.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024, PAGE = 4096 };

static struct io_uring_params rings[DESCRIPTORS];

static long checked(long returned) { return returned < 0 ? -errno : returned; }

static long do_syscall(const long *n) { return checked(syscall(n[0], n[1], n[2], n[3], n[4], n[5], n[6])); }
static long do_load(const long *n) { return *(volatile unsigned char *)n[0]; }
static long do_store(const long *n) { return *(volatile unsigned char *)n[0] = n[1], 0; }
static long do_zero(const long *n) { return memset((void *)n[0], 0, n[1]), 0; }

/* Numbers of 1 to 8 bytes, the lowest first. */
static long do_set(const long *n) { return memcpy((void *)n[0], &n[1], n[2]), 0; }
static long do_get(const long *n) {
  long value = 0;
  return memcpy(&value, (void *)n[0], n[1]), value;
}

/* Rss of all mappings that touch a range, in bytes. */
static long do_smaps_rss(const long *n) {
  FILE *file = fopen("/proc/self/smaps", "re");
  if (file == NULL) return -errno;
  char line[512];
  unsigned long start, end, kilobytes, sum = 0;
  bool inside = false;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
      inside = start < (unsigned long)n[0] + n[1] && end > (unsigned long)n[0];
    else if (inside && sscanf(line, "Rss: %lu kB", &kilobytes) == 1)
      sum += kilobytes * 1024;
  }
  fclose(file);
  return sum;
}

/* What the kernel tells of so many pages of a process in one number: 0 if none is there, and of one page its frame plus 1. */
static long do_pagemap(const long *n) {
  char path[64];
  uint64_t entries[512], entry;
  long sum = 0, left;
  snprintf(path, sizeof path, "/proc/%ld/pagemap", n[0]);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  for (long page = 0; (left = n[2] - page) > 0; page++) {
    long bytes = 8 * (left < 512 ? left : 512);
    if (page % 512 == 0 && pread(file, entries, bytes, (n[1] / PAGE + page) * 8) != bytes) return close(file), -ESRCH;
    if ((entry = entries[page % 512]) >> 63) sum = (sum + (entry % (1L << 55) + 1) * (page + 1)) % (1L << 52);
  }
  return close(file), sum;
}

static long do_ring(const long *n) {
  struct io_uring_params parameters = {0};
  long fd = checked(syscall(SYS_io_uring_setup, 4, &parameters));
  if (fd >= 0 && fd < DESCRIPTORS) rings[fd] = parameters;
  return fd;
}

/* Registers each page of a range as a buffer of its own: how many were pinned before one failed, or why none was. */
static long do_ring_pin(const long *n) {
  struct io_uring_rsrc_register table = {.nr = n[2], .flags = IORING_RSRC_REGISTER_SPARSE};
  long done = checked(syscall(SYS_io_uring_register, n[0], IORING_REGISTER_BUFFERS2, &table, sizeof table));
  if (done < 0) return done;
  for (long page = 0; page < n[2]; page++) {
    struct iovec range = {(char *)n[1] + page * PAGE, PAGE};
    struct io_uring_rsrc_update2 update = {.offset = page, .data = (uintptr_t)&range, .nr = 1};
    done = checked(syscall(SYS_io_uring_register, n[0], IORING_REGISTER_BUFFERS_UPDATE, &update, sizeof update));
    if (done < 0) return page == 0 ? done : page;
  }
  return n[2];
}

/* Has a ring move a byte between a descriptor and a registered buffer (its index, an address in it), and waits for that. */
static long do_ring_move(const long *n) {
  if (n[0] < 0 || n[0] >= DESCRIPTORS) return -EBADF;
  const struct io_uring_params *at = &rings[n[0]];
  size_t bytes = at->cq_off.cqes + at->cq_entries * sizeof(struct io_uring_cqe) + at->sq_entries * sizeof(unsigned);
  int access = PROT_READ | PROT_WRITE, entries = at->sq_entries * sizeof(struct io_uring_sqe);
  char *queues = mmap(NULL, bytes, access, MAP_SHARED, n[0], IORING_OFF_SQ_RING);
  struct io_uring_sqe *submissions = mmap(NULL, entries, access, MAP_SHARED, n[0], IORING_OFF_SQES);
  if (queues == MAP_FAILED || submissions == MAP_FAILED) return -errno;
  _Atomic unsigned *tail = (_Atomic unsigned *)(queues + at->sq_off.tail);
  _Atomic unsigned *head = (_Atomic unsigned *)(queues + at->cq_off.head);
  unsigned slot = *tail & *(unsigned *)(queues + at->sq_off.ring_mask);
  submissions[slot] = (struct io_uring_sqe){
      .opcode = n[1], .fd = n[2], .off = -1, .addr = n[4], .len = 1, .buf_index = n[3]};
  ((unsigned *)(queues + at->sq_off.array))[slot] = slot;
  atomic_fetch_add(tail, 1);
  long result = checked(syscall(SYS_io_uring_enter, n[0], 1, 1, IORING_ENTER_GETEVENTS, NULL, 0));
  if (result >= 0) {
    unsigned completed = *head & *(unsigned *)(queues + at->cq_off.ring_mask);
    result = ((struct io_uring_cqe *)(queues + at->cq_off.cqes))[completed].res;
    atomic_fetch_add(head, 1);
  }
  munmap(submissions, entries);
  munmap(queues, bytes);
  return result;
}

static long do_thread(const long *n) {
  pthread_t thread;
  make_ready(&shared->threads[n[0]], getpid());
  int failure = pthread_create(&thread, NULL, work, &shared->threads[n[0]]);
  if (failure != 0) return make_ready(&shared->threads[n[0]], 0), -failure;
  return -pthread_detach(thread);
}

static long do_fork(const long *n) {
  make_ready(&shared->threads[n[0]], 0);
  pid_t child = fork();
  if (child < 0) return -errno;
  if (child > 0) return shared->threads[n[0]].pid = child;
  work(&shared->threads[n[0]]);
  _exit(0);
}

static long do_leave(const long *n) { return leaving = true, 0; }

#define OPERATION(name) {#name, do_##name}

static const struct {
  const char *name;
  long (*execute)(const long *numbers);
} operations[] = {
    {"text", NULL},      OPERATION(syscall), OPERATION(load),     OPERATION(store),     OPERATION(zero),
    OPERATION(set),      OPERATION(get),     OPERATION(smaps_rss), OPERATION(pagemap),  OPERATION(ring),
    OPERATION(ring_pin), OPERATION(ring_move), OPERATION(thread), OPERATION(fork),   OPERATION(leave),
};

int operation_named(const char *name) {
  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
    if (strcmp(operations[i].name, name) == 0) return i;
  return -1;
}

/* `text` alone takes more than numbers. */
long perform(const struct command *command) {
  long (*execute)(const long *) = operations[command->operation].execute;
  return execute != NULL ? execute(command->numbers) : (strcpy((char *)command->numbers[0], command->text), 0);
}
