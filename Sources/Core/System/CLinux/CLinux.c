#define _GNU_SOURCE 1
#include "CLinux.h"
#include <linux/close_range.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>

int slipway_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

void slipway_pidfd_signal(int descriptor, int signal) {
    syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
}

static _Thread_local void *current_loop;

void *slipway_current_loop(void) {
    return current_loop;
}

void slipway_set_current_loop(void *loop) {
    current_loop = loop;
}

int slipway_reap(pid_t pid) {
    int status = 0;
    pid_t reaped;
    do {
        reaped = waitpid(pid, &status, 0);
    } while (reaped < 0 && errno == EINTR);
    if (reaped < 0) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

int slipway_spawn(
    pid_t *pid, const char *path, char *const arguments[], char *const environment[],
    const char *directory, int input, int output, int error) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int result = posix_spawn_file_actions_init(&actions);
    if (result != 0) return result;
    result = posix_spawnattr_init(&attributes);
    if (result != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return result;
    }
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, error, 2);
    if (directory) posix_spawn_file_actions_addchdir_np(&actions, directory);
    result = posix_spawnp(pid, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

int slipway_accept(int listener, struct sockaddr_storage *address, socklen_t *size) {
    return accept4(
        listener, (struct sockaddr *)address, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int slipway_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

void slipway_name_thread(const char *name) {
    char cut[16] = {0};
    for (int i = 0; i < 15 && name[i]; i++) cut[i] = name[i];
    pthread_setname_np(pthread_self(), cut);
}

// Runs between fork and exec: only calls that are safe there, as plain system calls where the C
// library's version would talk to other threads.
static void become_server(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    int output, int64_t uid, int64_t gid, int death_signal, pid_t parent) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < 32; number++) sigaction(number, &standard, NULL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input < 0 || setpgid(0, 0) != 0) return;
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) return;
    if (directory && chdir(directory) != 0) return;
    if (gid >= 0) {
        gid_t group = (gid_t)gid;
        if (syscall(SYS_setgroups, 1, &group) != 0) return;
        if (syscall(SYS_setresgid, group, group, group) != 0) return;
    }
    if (uid >= 0 && syscall(SYS_setresuid, (uid_t)uid, (uid_t)uid, (uid_t)uid) != 0) return;
    // After the change of user, which forgets it; then look whether the parent is already gone.
    if (death_signal && prctl(PR_SET_PDEATHSIG, death_signal) != 0) return;
    if (death_signal && getppid() != parent) _exit(127);
    umask(077);
    execve(path, arguments, environment);
}

int slipway_spawn_server(
    pid_t *pid, const char *path, char *const arguments[], char *const environment[],
    const char *directory, int output, int64_t uid, int64_t gid, int death_signal) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    pid_t parent = getpid();
    *pid = fork();
    if (*pid == 0) {
        // Everything is closed by exec except the standard streams and what is not CLOEXEC.
        syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
        become_server(
            path, arguments, environment, directory, output, uid, gid, death_signal, parent);
        int reason = errno;
        ssize_t written = write(report[1], &reason, sizeof reason);
        _exit(written == sizeof reason ? 126 : 127);
    }
    int result = *pid < 0 ? errno : 0;
    close(report[1]);
    if (result == 0) {
        ssize_t count;
        do {
            count = read(report[0], &result, sizeof result);
        } while (count < 0 && errno == EINTR);
        if (count > 0) waitpid(*pid, NULL, 0);
        if (count <= 0) result = 0;
    }
    close(report[0]);
    return result;
}

int slipway_exchange_paths(const char *one, const char *other) {
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

int slipway_lock_file(int descriptor) {
    return flock(descriptor, LOCK_EX | LOCK_NB);
}

int slipway_unlock_file(int descriptor) {
    return flock(descriptor, LOCK_UN);
}

int slipway_is_own_address(const unsigned char *bytes, size_t count) {
    // Connecting a datagram socket sends nothing: the kernel looks up the route, and what goes to
    // an address of its own comes from that address. Unlike a list of the interfaces' addresses
    // this is never old, and knows networks that are routed to this machine as a whole.
    struct sockaddr_in near4 = {0}, far4 = {.sin_family = AF_INET, .sin_port = htons(9)};
    struct sockaddr_in6 near6 = {0}, far6 = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
    const int is_long = count == sizeof far6.sin6_addr;
    struct sockaddr *near = is_long ? (struct sockaddr *)&near6 : (struct sockaddr *)&near4;
    struct sockaddr *far = is_long ? (struct sockaddr *)&far6 : (struct sockaddr *)&far4;
    socklen_t size = is_long ? sizeof far6 : sizeof far4;
    memcpy(is_long ? (void *)&far6.sin6_addr : (void *)&far4.sin_addr, bytes, count);
    int probe = socket(far->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    // Without such sockets nothing is reached either; for want of descriptors nothing is promised.
    if (probe < 0) return errno != EAFNOSUPPORT;
    int is_own = 0;
    if (connect(probe, far, size) == 0 && getsockname(probe, near, &size) == 0)
        is_own = is_long ? memcmp(&near6.sin6_addr, bytes, count) == 0
                         : memcmp(&near4.sin_addr, bytes, count) == 0;
    close(probe);
    return is_own;
}
