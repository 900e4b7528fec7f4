/* A disk on which every commit takes 2 ms longer, for whatever has this preloaded: `tests/torture rates`. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int late(const char *name, int file)
{
    struct timespec two_ms = {0, 2000000};
    int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    nanosleep(&two_ms, NULL);
    return sync(file);
}

int fsync(int file) { return late("fsync", file); }
int fdatasync(int file) { return late("fdatasync", file); }
