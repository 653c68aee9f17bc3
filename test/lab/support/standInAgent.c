/* A stand-in for the agent: answers each line of its input with one line.
 *
 *   devices          the paths it was given
 *   open N           "ok" if device N can be opened for reading and writing
 *   put N TEXT       maps the first 4 MiB of device N and writes TEXT at its start
 *   file N TEXT      writes TEXT into a file on device N, a mounted file system
 *   panic            makes the kernel panic
 *   crash            ends by a signal
 *   exit N           ends with a status
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *put(const char *path, const char *text)
{
	int fd = open(path, O_RDWR);
	char *map = fd < 0 ? MAP_FAILED : mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		return "failed";
	strcpy(map, text);
	return "ok";
}

static const char *put_file(const char *folder, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/file", folder);
	file = fopen(path, "w");
	return file && fputs(text, file) >= 0 && fclose(file) == 0 ? "ok" : "failed";
}

int main(int argc, char **argv)
{
	char line[256], text[256] = "";
	int n = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		if (strncmp(line, "devices", 7) == 0) {
			for (int i = 1; i < argc; i++)
				printf("%s%s", argv[i], i + 1 < argc ? " " : "");
			printf("\n");
		} else if (sscanf(line, "open %d", &n) == 1) {
			printf("%s\n", open(argv[n + 1], O_RDWR) >= 0 ? "ok" : "failed");
		} else if (sscanf(line, "put %d %255s", &n, text) == 2) {
			printf("%s\n", put(argv[n + 1], text));
		} else if (sscanf(line, "file %d %255s", &n, text) == 2) {
			printf("%s\n", put_file(argv[n + 1], text));
		} else if (strncmp(line, "panic", 5) == 0) {
			int fd = open("/proc/sysrq-trigger", O_WRONLY);

			if (write(fd, "c", 1) != 1)
				printf("failed\n");
		} else if (strncmp(line, "crash", 5) == 0) {
			abort();
		} else if (sscanf(line, "exit %d", &n) == 1) {
			return n;
		}
	}
	return 0;
}
