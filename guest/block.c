/*
 * The disk under direct I/O: a network block device whose server is the controller. Its first GiB answers at once; of
 * every further GiB, a zone, requests are held back until the zone is released. A page stays pinned that long. Requests
 * of the upper half of the zones fail then: what was to be read into a page stays as it is.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nbd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ZONES = 4096, ZONE_SHIFT = 30, SECTOR = 512, HELD = 1024 };

static struct nbd_request held[HELD];
static int held_count;
static bool released[ZONES];
static char block[1 << 16];

static bool move_all(int fd, void *buffer, size_t bytes, bool out) {
  for (size_t done = 0; done < bytes;) {
    char *at = (char *)buffer + done;
    ssize_t moved = out ? write(fd, at, bytes - done) : read(fd, at, bytes - done);
    if (moved == 0 || (moved < 0 && errno != EINTR)) return false;
    if (moved > 0) done += moved;
  }
  return true;
}

/* Moves what a request is about: what is read from the disk is zeros, and what is written is nobody's. */
static void move_payload(int server, const struct nbd_request *request, bool out) {
  memset(block, 0, sizeof block);
  for (size_t left = ntohl(request->len), piece; left > 0; left -= piece) {
    piece = left < sizeof block ? left : sizeof block;
    if (!move_all(server, block, piece, out)) return;
  }
}

static long zone_of(const struct nbd_request *request) { return be64toh(request->from) >> ZONE_SHIFT; }

static void answer(int server, const struct nbd_request *request) {
  bool fails = zone_of(request) >= ZONES / 2;
  struct nbd_reply reply = {.magic = htonl(NBD_REPLY_MAGIC), .error = htonl(fails ? EIO : 0)};
  memcpy(reply.handle, request->handle, sizeof reply.handle);
  move_all(server, &reply, sizeof reply, true);
  if (!fails && (ntohl(request->type) & 0xffff) == NBD_CMD_READ) move_payload(server, request, true);
}

bool block_serve(int server) {
  struct nbd_request request;
  if (!move_all(server, &request, sizeof request, false)) return false;
  if ((ntohl(request.type) & 0xffff) == NBD_CMD_WRITE) move_payload(server, &request, false);
  long zone = zone_of(&request);
  if (zone == 0 || zone >= ZONES || released[zone] || held_count == HELD) answer(server, &request);
  else held[held_count++] = request;
  return true;
}

/* Answers what was held back in a zone, and from now on at once; -1 is every zone, and they can be used again. */
void block_release(int server, long zone) {
  int kept = 0;
  for (int i = 0; i < held_count; i++) {
    if (zone < 0 || zone_of(&held[i]) == zone) answer(server, &held[i]);
    else held[kept++] = held[i];
  }
  held_count = kept;
  if (zone < 0) memset(released, 0, sizeof released);
  else if (zone < ZONES) released[zone] = true;
}

/* Makes /dev/nbd0 that disk; the server's end of its connection, or -1 where the kernel has no such device. */
int block_open(void) {
  int ends[2], device = open("/dev/nbd0", O_RDWR);
  if (device < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) return -1;
  int buffer = 1 << 22;
  setsockopt(ends[1], SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
  if (ioctl(device, NBD_SET_BLKSIZE, (unsigned long)SECTOR) < 0 ||
      ioctl(device, NBD_SET_SIZE_BLOCKS, ((unsigned long)ZONES << ZONE_SHIFT) / SECTOR) < 0 ||
      ioctl(device, NBD_SET_SOCK, (unsigned long)ends[1]) < 0)
    return -1;
  pid_t keeper = fork();
  if (keeper == 0) {
    close(ends[0]);
    _exit(ioctl(device, NBD_DO_IT) < 0);
  }
  if (keeper < 0) return -1;
  close(ends[1]);
  close(device);
  return ends[0];
}
