/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* Has a manifest and no entry function. */
#define _GNU_SOURCE
#include "test_plugin.h"

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("no-entry", QUELL_TEST_DEVICES) "}");

QUELL_TEST_EXPORT int quell_not_a_plugin_entry(void);
int quell_not_a_plugin_entry(void) { return 0; }
