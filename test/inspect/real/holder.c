/*
 * A program for guests: maps device-DAX devices and does, line by line, what it is told. It answers every line with
 * one line. Its arguments are the paths of the devices.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define DEVICES 4
#define MAPPED_BYTES (8UL << 20)

static volatile char *mapping[DEVICES];
static char *path[DEVICES];

static void answer_number(uint64_t number)
{
	printf("%llu\n", (unsigned long long)number);
}

static void answer_errno(int failed)
{
	printf("%s\n", failed ? strerror(errno) : "ok");
}

/* The name that sysfs has for a device: what follows /dev/. */
static const char *name_of(int device)
{
	return path[device] + strlen("/dev/");
}

static uint64_t resource_of(int device)
{
	char file[128], text[64] = "";
	snprintf(file, sizeof(file), "/sys/bus/dax/devices/%s/resource", name_of(device));
	FILE *stream = fopen(file, "r");
	if (!stream || !fgets(text, sizeof(text), stream))
		return 0;
	fclose(stream);
	return strtoull(text, NULL, 0);
}

static uint64_t symbol(const char *wanted)
{
	FILE *stream = fopen("/proc/kallsyms", "r");
	unsigned long long address, found = 0;
	char name[512];
	while (stream && !found && fscanf(stream, "%llx %*c %511s%*[^\n]", &address, name) == 2)
		if (!strcmp(name, wanted))
			found = address;
	if (stream)
		fclose(stream);
	return found;
}

/* What the kernel itself says which frame is mapped; 0 for none. */
static uint64_t frame_at(const volatile char *address)
{
	uint64_t word = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);
	if (pread(fd, &word, 8, (off_t)((uintptr_t)address / 4096 * 8)) != 8)
		word = 0;
	close(fd);
	return word >> 63 ? word & ((1ULL << 55) - 1) : 0;
}

static int map(int device)
{
	int fd = open(path[device], O_RDWR);
	void *where = (void *)(0x600000000000UL + device * (1UL << 30));
	void *got = mmap(where, MAPPED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	mapping[device] = got;
	return got == MAP_FAILED;
}

static int splice_page(volatile char *address)
{
	int ends[2];
	struct iovec page = { (void *)address, 4096 };
	return pipe(ends) || vmsplice(ends[1], &page, 1, 0) != 4096;
}

static int unbind(int device)
{
	int fd = open("/sys/bus/dax/drivers/device_dax/unbind", O_WRONLY);
	return write(fd, name_of(device), strlen(name_of(device))) < 0 || close(fd);
}

/* A child that stores a byte into what it inherited and stays; its answer is its number. */
static void child(volatile char *address)
{
	if (fork())
		return;
	*address = 2;
	answer_number(getpid());
	for (;;)
		pause();
}

int main(int count, char **arguments)
{
	char line[256], verb[32], name[128];
	setlinebuf(stdout);
	for (int device = 0; device + 1 < count && device < DEVICES; device++)
		path[device] = arguments[device + 1];
	while (fgets(line, sizeof(line), stdin)) {
		unsigned device = 0;
		unsigned long offset = 0;
		if (sscanf(line, "symbol %127s", name) == 1) {
			answer_number(symbol(name));
			continue;
		}
		if (sscanf(line, "%31s %u %lu", verb, &device, &offset) < 1 || device >= DEVICES)
			continue;
		volatile char *address = mapping[device] + offset;
		if (!strcmp(verb, "process"))
			answer_number(getpid());
		else if (!strcmp(verb, "resource"))
			answer_number(resource_of(device));
		else if (!strcmp(verb, "map"))
			answer_errno(map(device));
		else if (!strcmp(verb, "store"))
			answer_number(*address = 1);
		else if (!strcmp(verb, "load"))
			answer_number(*address);
		else if (!strcmp(verb, "frame"))
			answer_number(frame_at(address));
		else if (!strcmp(verb, "splice"))
			answer_errno(splice_page(address));
		else if (!strcmp(verb, "child"))
			child(address);
		else if (!strcmp(verb, "unmap"))
			answer_errno(munmap((void *)mapping[device], MAPPED_BYTES));
		else if (!strcmp(verb, "unbind"))
			answer_errno(unbind(device));
	}
	return 0;
}
