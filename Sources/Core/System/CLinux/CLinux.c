#define _GNU_SOURCE 1
#include "CLinux.h"
#include <pthread.h>

int slipway_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
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
