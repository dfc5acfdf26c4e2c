#define _GNU_SOURCE 1
#include "CLinux.h"

int slipway_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}
