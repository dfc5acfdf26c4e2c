#include "CEmbedded.h"

// One block a file; a test compares this list with the folders it stands for.
#define LAST 0
static const unsigned char openapi_yaml[] = {
#embed "../../../../openapi.yaml" suffix(, )
    LAST};

const struct embedded_file embedded_files[] = {
    {"openapi.yaml", openapi_yaml, sizeof openapi_yaml - 1},
};
const size_t embedded_file_count = sizeof embedded_files / sizeof embedded_files[0];
