/* Kills its process right before the k-th call that changes a file system, a database or a connection.
 *
 * Loaded with LD_PRELOAD. Disarmed until kill_at(k) is called; kill_at(0) only counts. Names of the calls are kept, so
 * that a sample can be drawn from each kind.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST 200000
static atomic_long count = -1;
static long target;
static char kinds[MOST];

void kill_at(long k) { target = k; atomic_store(&count, 0); }
void kill_never(void) { atomic_store(&count, -1); }
long kill_count(void) { return atomic_load(&count); }
const char *kill_kinds(void) { return kinds; }

static void step(char kind) {
    if (atomic_load(&count) < 0) return;
    long now = atomic_fetch_add(&count, 1) + 1;
    if (now < MOST) kinds[now] = kind;
    if (now == target) kill(getpid(), SIGKILL);
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

int rename(const char *a, const char *b) { REAL(rename); step('r'); return real(a, b); }
int renameat(int d, const char *a, int e, const char *b) { REAL(renameat); step('r'); return real(d, a, e, b); }
int renameat2(int d, const char *a, int e, const char *b, unsigned f) { REAL(renameat2); step('r'); return real(d, a, e, b, f); }
int link(const char *a, const char *b) { REAL(link); step('l'); return real(a, b); }
int linkat(int d, const char *a, int e, const char *b, int f) { REAL(linkat); step('l'); return real(d, a, e, b, f); }
int unlink(const char *a) { REAL(unlink); step('u'); return real(a); }
int unlinkat(int d, const char *a, int f) { REAL(unlinkat); step('u'); return real(d, a, f); }
int rmdir(const char *a) { REAL(rmdir); step('u'); return real(a); }
int mkdir(const char *a, mode_t m) { REAL(mkdir); step('m'); return real(a, m); }
int mkdirat(int d, const char *a, mode_t m) { REAL(mkdirat); step('m'); return real(d, a, m); }
ssize_t write(int d, const void *b, size_t n) { REAL(write); step('w'); return real(d, b, n); }
ssize_t pwrite(int d, const void *b, size_t n, off_t o) { REAL(pwrite); step('w'); return real(d, b, n, o); }
ssize_t pwrite64(int d, const void *b, size_t n, off_t o) { REAL(pwrite64); step('w'); return real(d, b, n, o); }
int ftruncate(int d, off_t n) { REAL(ftruncate); step('t'); return real(d, n); }
int ftruncate64(int d, off_t n) { REAL(ftruncate64); step('t'); return real(d, n); }
int fsync(int d) { REAL(fsync); step('f'); return real(d); }
int fdatasync(int d) { REAL(fdatasync); step('f'); return real(d); }
int syncfs(int d) { REAL(syncfs); step('f'); return real(d); }
ssize_t send(int d, const void *b, size_t n, int f) { REAL(send); step('s'); return real(d, b, n, f); }
ssize_t sendto(int d, const void *b, size_t n, int f, const struct sockaddr *a, socklen_t l) {
    REAL(sendto); step('s'); return real(d, b, n, f, a, l);
}

static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(list, int) : 0; }

#define OPENER(name)                                                             \
    int name(const char *path, int flags, ...) {                                 \
        REAL(name);                                                              \
        va_list list; va_start(list, flags); mode_t mode = mode_of(flags, list); va_end(list); \
        if (flags & O_CREAT) step('o');                                          \
        return real(path, flags, mode);                                          \
    }
OPENER(open)
OPENER(open64)

#define OPENER_AT(name)                                                          \
    int name(int folder, const char *path, int flags, ...) {                     \
        REAL(name);                                                              \
        va_list list; va_start(list, flags); mode_t mode = mode_of(flags, list); va_end(list); \
        if (flags & O_CREAT) step('o');                                          \
        return real(folder, path, flags, mode);                                  \
    }
OPENER_AT(openat)
OPENER_AT(openat64)

/* openat2 has no wrapper: it comes through syscall(). */
long syscall(long number, ...) {
    REAL(syscall);
    va_list list; va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == 437 && c && (*(unsigned long long *)c & O_CREAT)) step('o');
    return real(number, a, b, c, d, e, f);
}
