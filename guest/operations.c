/*
 * What a thread of a test can be told to do. Results are values, or negative errnos. System calls whose arguments are
 * plain numbers have no operation of their own: `syscall` takes them as they are.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024, BUFFER = 1 << 20, PAGE = 4096 };

static unsigned char first_drained[DESCRIPTORS];
static struct io_uring_params rings[DESCRIPTORS];

static long checked(long returned) { return returned < 0 ? -errno : returned; }

static bool is_descriptor(long fd) { return fd >= 0 && fd < DESCRIPTORS; }

/* ---- memory ---- */

static long do_syscall(const long *n) { return checked(syscall(n[0], n[1], n[2], n[3], n[4], n[5], n[6])); }
static long do_load(const long *n) { return *(volatile unsigned char *)n[0]; }
static long do_store(const long *n) { return *(volatile unsigned char *)n[0] = n[1], 0; }
static long do_zero(const long *n) { return memset((void *)n[0], 0, n[1]), 0; }

/* The frame that maps an address, or -1. */
static long do_pagemap(const long *n) {
  uint64_t entry = 0;
  int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  long got = pread(fd, &entry, sizeof entry, n[0] / PAGE * sizeof entry);
  close(fd);
  return got == sizeof entry && entry >> 63 ? (long)(entry & ((1ull << 55) - 1)) : -1;
}

static long do_mincore(const long *n) {
  unsigned char resident = 0;
  long returned = checked(mincore((void *)n[0], PAGE, &resident));
  return returned < 0 ? returned : resident & 1;
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

static long remote(const long *n, void *own, size_t bytes, bool out) {
  struct iovec here = {own, bytes}, there = {(void *)n[1], bytes};
  return checked(out ? process_vm_writev(n[0], &here, 1, &there, 1, 0)
                     : process_vm_readv(n[0], &here, 1, &there, 1, 0));
}

static long do_peek(const long *n) {
  void *own = malloc(n[2] + 1);
  long returned = remote(n, own, n[2], false);
  free(own);
  return returned;
}

static long do_peek_byte(const long *n) {
  unsigned char byte = 0;
  long returned = remote(n, &byte, 1, false);
  return returned < 0 ? returned : byte;
}

static long do_poke(const long *n) { return remote(n, &(unsigned char){n[2]}, 1, true); }

static long own_memory(const long *n, unsigned char *byte, bool out) {
  int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
  if (fd < 0) return -errno;
  long returned = checked(out ? pwrite(fd, byte, 1, n[0]) : pread(fd, byte, 1, n[0]));
  close(fd);
  return returned;
}

static long do_mem_read(const long *n) {
  unsigned char byte = 0;
  long returned = own_memory(n, &byte, false);
  return returned < 0 ? returned : byte;
}

static long do_mem_write(const long *n) { return own_memory(n, &(unsigned char){n[1]}, true); }

/* ---- files and pipes ---- */

static long do_open(const char *path, const long *n) { return checked(open(path, n[0] | O_CLOEXEC, 0600)); }

static long do_put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  long returned = checked(write(fd, text, strlen(text)));
  close(fd);
  return returned < 0 ? returned : 0;
}

/* The number at the beginning of a file. */
static long do_number(const char *path, const long *n) {
  (void)n;
  char text[64] = "";
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  long returned = checked(read(fd, text, sizeof text - 1));
  close(fd);
  return returned < 0 ? returned : (long)strtoull(text, NULL, 0);
}

/* A pipe that never waits, with room for that many bytes (0: the usual); its ends as read | write << 16. */
static long do_pipe(const long *n) {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0) return -errno;
  if (n[0] != 0 && fcntl(ends[1], F_SETPIPE_SZ, (int)n[0]) < 0) return -errno;
  return ends[0] | (long)ends[1] << 16;
}

static long do_vmsplice(const long *n) {
  struct iovec range = {(void *)n[1], n[2]};
  return checked(vmsplice(n[0], &range, 1, n[3]));
}

static long do_available(const long *n) {
  int bytes = 0;
  long returned = checked(ioctl(n[0], FIONREAD, &bytes));
  return returned < 0 ? returned : bytes;
}

static long do_drain(const long *n) {
  void *own = malloc(n[1] + 1);
  long returned = checked(read(n[0], own, n[1]));
  if (returned > 0 && is_descriptor(n[0])) first_drained[n[0]] = *(unsigned char *)own;
  free(own);
  return returned;
}

static long do_drained(const long *n) { return is_descriptor(n[0]) ? first_drained[n[0]] : -EBADF; }

/* Writes zeros into a pipe. */
static long do_fill(const long *n) {
  void *zeros = calloc(1, n[1] + 1);
  long returned = checked(write(n[0], zeros, n[1]));
  free(zeros);
  return returned;
}

/* ---- direct I/O in flight ---- */

struct request {
  aio_context_t context;
  struct iocb block;
  bool over;
  long result;
};

/* Submits I/O between a range (address, bytes) and a place of a descriptor's file; what stands for it from now on. */
static long do_aio_submit(const long *n) {
  struct request *request = calloc(1, sizeof *request);
  struct iocb *blocks[] = {&request->block};
  request->block = (struct iocb){.aio_fildes = n[0],
                                 .aio_buf = n[1],
                                 .aio_nbytes = n[2],
                                 .aio_offset = n[3],
                                 .aio_lio_opcode = n[4] ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD};
  if (syscall(SYS_io_setup, 1, &request->context) < 0) return -errno;
  if (syscall(SYS_io_submit, request->context, 1, blocks) < 0) {
    long failure = -errno;
    syscall(SYS_io_destroy, request->context);
    return failure;
  }
  return (long)request;
}

static bool complete(struct request *request, long least) {
  struct io_event event;
  struct timespec now = {0};
  if (request->over) return true;
  if (syscall(SYS_io_getevents, request->context, least, 1, &event, least ? NULL : &now) < 1) return false;
  request->over = true;
  request->result = event.res;
  return true;
}

/* 0 while a request is in flight; what it failed with. */
static long do_aio_failure(const long *n) {
  struct request *request = (struct request *)n[0];
  return complete(request, 0) && request->result < 0 ? request->result : 0;
}

static long do_aio_wait(const long *n) {
  struct request *request = (struct request *)n[0];
  if (!complete(request, 1)) return -EINVAL;
  syscall(SYS_io_destroy, request->context);
  return request->result;
}

/* ---- rings ---- */

static long do_ring(const long *n) {
  (void)n;
  struct io_uring_params parameters = {0};
  long fd = checked(syscall(SYS_io_uring_setup, 4, &parameters));
  if (is_descriptor(fd)) rings[fd] = parameters;
  return fd;
}

/* Registers a range as the ring's only buffer. */
static long do_ring_register(const long *n) {
  struct iovec range = {(void *)n[1], n[2]};
  return checked(syscall(SYS_io_uring_register, n[0], IORING_REGISTER_BUFFERS, &range, 1));
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

/* Executes one entry on a ring and waits for it. */
static long ring_execute(int ring, const struct io_uring_sqe *entry) {
  const struct io_uring_params *at = &rings[ring];
  size_t bytes = at->cq_off.cqes + at->cq_entries * sizeof(struct io_uring_cqe) + at->sq_entries * sizeof(unsigned);
  size_t entries = at->sq_entries * sizeof *entry;
  int access = PROT_READ | PROT_WRITE;
  char *queues = mmap(NULL, bytes, access, MAP_SHARED, ring, IORING_OFF_SQ_RING);
  struct io_uring_sqe *submissions = mmap(NULL, entries, access, MAP_SHARED, ring, IORING_OFF_SQES);
  if (queues == MAP_FAILED || submissions == MAP_FAILED) return -errno;
  _Atomic unsigned *tail = (_Atomic unsigned *)(queues + at->sq_off.tail);
  _Atomic unsigned *head = (_Atomic unsigned *)(queues + at->cq_off.head);
  unsigned slot = *tail & *(unsigned *)(queues + at->sq_off.ring_mask);
  submissions[slot] = *entry;
  ((unsigned *)(queues + at->sq_off.array))[slot] = slot;
  atomic_fetch_add(tail, 1);
  long result = checked(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0));
  if (result >= 0) {
    unsigned completed = *head & *(unsigned *)(queues + at->cq_off.ring_mask);
    result = ((struct io_uring_cqe *)(queues + at->cq_off.cqes))[completed].res;
    atomic_fetch_add(head, 1);
  }
  munmap(submissions, entries);
  munmap(queues, bytes);
  return result;
}

/* Moves one byte between the registered buffer `n[1]` (ring n[0], address n[2]) and a pipe. */
static long ring_move(const long *n, unsigned char *byte, bool into) {
  long capacity = 0, ends = do_pipe(&capacity);
  if (ends < 0) return ends;
  int reader = ends & 0xffff, writer = ends >> 16;
  struct io_uring_sqe entry = {.opcode = into ? IORING_OP_READ_FIXED : IORING_OP_WRITE_FIXED,
                               .fd = into ? reader : writer,
                               .off = -1,
                               .addr = n[2],
                               .len = 1,
                               .buf_index = n[1]};
  long result = into ? checked(write(writer, byte, 1)) : 0;
  if (result >= 0) result = is_descriptor(n[0]) ? ring_execute(n[0], &entry) : -EBADF;
  if (result >= 0 && !into) result = checked(read(reader, byte, 1));
  close(reader);
  close(writer);
  return result;
}

static long do_ring_read(const long *n) {
  unsigned char byte = 0;
  long result = ring_move(n, &byte, false);
  return result < 0 ? result : byte;
}

static long do_ring_write(const long *n) {
  long result = ring_move(n, &(unsigned char){n[3]}, true);
  return result < 0 ? result : 0;
}

/* ---- processes and threads ---- */

static long do_thread(const long *n) {
  pthread_t thread;
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  return -pthread_create(&thread, &detached, work, &shared->threads[n[0]]);
}

static long do_fork(const long *n) {
  pid_t child = fork();
  if (child != 0) return checked(child);
  work(&shared->threads[n[0]]);
  _exit(0);
}

static long do_leave(const long *n) { return (void)n, leave_after_this(), 0; }

static long do_exit(const long *n) {
  if (n[1] != 0) kill(getpid(), n[1]);
  _exit(n[0]);
}

/* A new program that ends at once: this one, told so (controller.c). */
static long do_exec(const long *n) { return (void)n, checked(execl("/proc/self/exe", "agent", "ends", NULL)); }

#define PLAIN(operation) {.name = #operation, .plain = do_##operation}

static const struct {
  const char *name;
  long (*plain)(const long *numbers);
  long (*with_path)(const char *path, const long *numbers);
  long (*with_texts)(const char *path, const char *text);
} operations[] = {
    PLAIN(syscall), PLAIN(load), PLAIN(store), PLAIN(zero), PLAIN(pagemap), PLAIN(mincore),
    PLAIN(smaps_rss), PLAIN(peek), PLAIN(peek_byte), PLAIN(poke), PLAIN(mem_read), PLAIN(mem_write),
    PLAIN(pipe), PLAIN(vmsplice), PLAIN(available), PLAIN(drain), PLAIN(drained), PLAIN(fill),
    PLAIN(aio_submit), PLAIN(aio_failure), PLAIN(aio_wait), PLAIN(ring), PLAIN(ring_register),
    PLAIN(ring_pin), PLAIN(ring_read), PLAIN(ring_write), PLAIN(thread), PLAIN(fork), PLAIN(leave),
    PLAIN(exit), PLAIN(exec),
    {.name = "open", .with_path = do_open},
    {.name = "number", .with_path = do_number},
    {.name = "put", .with_texts = do_put},
};

int operation_named(const char *name) {
  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
    if (strcmp(operations[i].name, name) == 0) return i;
  return -1;
}

long perform(const struct command *command) {
  const typeof(operations[0]) *operation = &operations[command->operation];
  if (operation->plain != NULL) return operation->plain(command->numbers);
  if (operation->with_path != NULL) return operation->with_path(command->texts[0], command->numbers);
  return operation->with_texts(command->texts[0], command->texts[1]);
}
