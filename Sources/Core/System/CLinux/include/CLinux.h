#pragma once
// The Linux calls that Swift's own C library module leaves out, and macros that it cannot import.
// _GNU_SOURCE is set in the .c file only: Swift's own module of these headers is built without it,
// and two differing views of one header do not mix. What needs it is wrapped below.
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/// A descriptor that becomes readable when process `pid` ends, or -1 with errno.
int slipway_pidfd_open(pid_t pid);

/// Sends a signal to the process of such a descriptor, whoever has its number by now.
void slipway_pidfd_signal(int descriptor, int signal);

/// The event loop whose thread this is, or NULL; one pointer for each thread.
void *slipway_current_loop(void);
void slipway_set_current_loop(void *loop);

/// The status of child `pid` once it has ended: its exit code, or 256 + its signal; -1 with errno.
int slipway_reap(pid_t pid);

/// Starts `path` in a process group of its own with the three descriptors as its standard streams,
/// default signal handling and nothing else open. Returns 0 and the id, or an errno value.
int slipway_spawn(
    pid_t *pid, const char *path, char *const arguments[], char *const environment[],
    const char *directory, int input, int output, int error);

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC: the new connection, or -1 with errno.
int slipway_accept(int listener, struct sockaddr_storage *address, socklen_t *size);

/// pipe2 with O_CLOEXEC: 0, or -1 with errno.
int slipway_pipe(int ends[2]);

/// Names the calling thread for ps, top and gdb; at most 15 bytes are kept.
void slipway_name_thread(const char *name);

/// Starts `path` as user `uid` and group `gid` (-1: as ourselves), in a process group of its own,
/// with standard input from /dev/null, both outputs on `output`, default signal handling and
/// nothing else open. The kernel sends it `death_signal` when the calling thread ends, however
/// that comes about (0: nothing). Returns 0 and the id, or the errno value of what failed.
int slipway_spawn_server(
    pid_t *pid, const char *path, char *const arguments[], char *const environment[],
    const char *directory, int output, int64_t uid, int64_t gid, int death_signal);

/// 0 when this process holds the only lock on the open file `descriptor`, or -1 with errno
/// (EWOULDBLOCK: another one holds it). Ends with the descriptor.
int slipway_lock_file(int descriptor);

/// Lets the lock go at once, also for a child that is being started and still shares it.
int slipway_unlock_file(int descriptor);

/// Gives two paths of one file system each other's name at once: 0, or -1 with errno.
int slipway_exchange_paths(const char *one, const char *other);

/// Whether the address, 4 or 16 bytes in network order, is one of this machine's own in this
/// network namespace: 1, or 0. Nothing is sent.
int slipway_is_own_address(const unsigned char *bytes, size_t count);
