#include "CEmbedded.h"

// One block a file; a test compares this list with the folders it stands for.
#define LAST 0
static const unsigned char openapi_yaml[] = {
#embed "../../../../openapi.yaml" suffix(, )
    LAST};
static const unsigned char migration_0001[] = {
#embed "../../../../migrations/0001_blueprint.sql" suffix(, )
    LAST};
static const unsigned char migration_0002[] = {
#embed "../../../../migrations/0002_blueprint_version.sql" suffix(, )
    LAST};
static const unsigned char migration_0003[] = {
#embed "../../../../migrations/0003_tenant.sql" suffix(, )
    LAST};
static const unsigned char migration_0004[] = {
#embed "../../../../migrations/0004_access_token.sql" suffix(, )
    LAST};
static const unsigned char migration_0005[] = {
#embed "../../../../migrations/0005_event.sql" suffix(, )
    LAST};
static const unsigned char migration_0006[] = {
#embed "../../../../migrations/0006_audit.sql" suffix(, )
    LAST};
static const unsigned char migration_0007[] = {
#embed "../../../../migrations/0007_receipt.sql" suffix(, )
    LAST};
static const unsigned char migration_0008[] = {
#embed "../../../../migrations/0008_inventory.sql" suffix(, )
    LAST};
static const unsigned char migration_0009[] = {
#embed "../../../../migrations/0009_setting.sql" suffix(, )
    LAST};
static const unsigned char migration_0010[] = {
#embed "../../../../migrations/0010_job.sql" suffix(, )
    LAST};

static const struct embedded_file files[] = {
    {"openapi.yaml", openapi_yaml, sizeof openapi_yaml - 1},
    {"migrations/0001_blueprint.sql", migration_0001, sizeof migration_0001 - 1},
    {"migrations/0002_blueprint_version.sql", migration_0002, sizeof migration_0002 - 1},
    {"migrations/0003_tenant.sql", migration_0003, sizeof migration_0003 - 1},
    {"migrations/0004_access_token.sql", migration_0004, sizeof migration_0004 - 1},
    {"migrations/0005_event.sql", migration_0005, sizeof migration_0005 - 1},
    {"migrations/0006_audit.sql", migration_0006, sizeof migration_0006 - 1},
    {"migrations/0007_receipt.sql", migration_0007, sizeof migration_0007 - 1},
    {"migrations/0008_inventory.sql", migration_0008, sizeof migration_0008 - 1},
    {"migrations/0009_setting.sql", migration_0009, sizeof migration_0009 - 1},
    {"migrations/0010_job.sql", migration_0010, sizeof migration_0010 - 1},
};

const struct embedded_file *embedded_files(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}
