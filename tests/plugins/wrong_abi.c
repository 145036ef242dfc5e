/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* Says ABI 1 in its manifest and 2 in its table. */
#define _GNU_SOURCE
#include "test_plugin.h"

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("wrong-abi", QUELL_TEST_DEVICES) "}");

QUELL_TEST_EXPORT const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor);
const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const quell_plugin plugin = {sizeof plugin, 2, 0, 0, {kManifest, sizeof kManifest}, NULL, NULL, NULL};
    (void)host_major;
    (void)host_minor;
    return &plugin;
}
