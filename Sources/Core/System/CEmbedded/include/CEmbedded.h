#pragma once
#include <stddef.h>

/// A file of this repository that the program carries inside itself.
struct embedded_file {
    const char *path;            // relative to the top of the repository
    const unsigned char *bytes;
    size_t count;
};

/// All of them, and how many there are.
const struct embedded_file *embedded_files(size_t *count);
