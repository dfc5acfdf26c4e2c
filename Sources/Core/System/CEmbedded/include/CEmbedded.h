#pragma once
#include <stddef.h>

/// A file of this repository that the program carries inside itself.
struct embedded_file {
    const char *path;            // relative to the top of the repository
    const unsigned char *bytes;
    size_t count;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;
