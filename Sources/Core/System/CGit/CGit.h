#pragma once
#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

// `git_libgit2_opts` takes variable arguments, which Swift cannot pass.

/// Whether a repository must belong to the user of the process.
static inline int slipway_git_validate_owner(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

/// Where configuration of this level is looked for; the empty text means nowhere.
static inline int slipway_git_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

/// The largest object that is read from a pack, in bytes.
static inline int slipway_git_object_size_max(size_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, bytes);
}

/// Whether files are made durable before a call returns.
static inline int slipway_git_synchronise(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}
