/* Ends the process, as kill -9 does, at the n-th operation on a file below a folder: half way through a write, or just before or after anything else.
   LD_PRELOAD; PAT_KILL_BELOW is the folder, PAT_KILL_AT_WRITE or PAT_KILL_AT_OTHER is n, PAT_KILL_COUNT a file for the number of each at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRITE, OTHER };
static atomic_long operations[2];

static int ours(const char *path) {
    const char *below = getenv("PAT_KILL_BELOW");
    return below && path && strstr(path, below);
}

static int our_file(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return ours(path);
}

static int now(int kind) {
    const char *at = getenv(kind == WRITE ? "PAT_KILL_AT_WRITE" : "PAT_KILL_AT_OTHER");
    return ++operations[kind] == (at ? atol(at) : -1);
}

__attribute__((destructor)) static void count(void) {
    const char *path = getenv("PAT_KILL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld %ld", (long)operations[WRITE], (long)operations[OTHER]);
    fclose(file);
}

static void end(void) { kill(getpid(), SIGKILL); pause(); }

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    if (our_file(file) && now(WRITE)) { real(file, bytes, count / 2, at); end(); }
    return real(file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    REAL(pwrite);
    if (our_file(file) && now(WRITE)) { real(file, bytes, count / 2, at); end(); }
    return real(file, bytes, count, at);
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(write);
    if (our_file(file) && now(WRITE)) { real(file, bytes, count / 2); end(); }
    return real(file, bytes, count);
}

#define AROUND(check, call)       \
    if (check && now(OTHER)) end();    \
    int result = call;            \
    if (check && now(OTHER)) end();    \
    return result

int fsync(int file) { REAL(fsync); AROUND(our_file(file), real(file)); }
int rename(const char *from, const char *to) { REAL(rename); AROUND(ours(to), real(from, to)); }
int unlink(const char *path) { REAL(unlink); AROUND(ours(path), real(path)); }
