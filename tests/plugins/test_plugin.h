/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* What the test plugins share: the manifest's section and the few steps that a plugin without an SDK takes. */
#ifndef QUELL_TEST_PLUGIN_H
#define QUELL_TEST_PLUGIN_H

#include <quell/abi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUELL_TEST_EXPORT __attribute__((visibility("default")))

/* The bytes of the section, without a terminating NUL. */
#define QUELL_TEST_MANIFEST(text) \
    __attribute__((section(".quell.manifest"), used)) static const char kManifest[sizeof(text) - 1] = text

#define QUELL_TEST_DEVICES                                                                                    \
    "\"device_containment/1\":{\"kind\":\"edr\",\"actions\":[\"network_contain\",\"release_containment\"],"   \
    "\"lookup_types\":[\"hostname\",\"serial_number\",\"provider_device_id\"],\"max_batch\":10,"              \
    "\"idempotent_actions\":[\"network_contain\",\"release_containment\"]}"

/* The beginning of every manifest here; what follows are more members, each with a comma before it. */
#define QUELL_TEST_HEAD(id, capabilities)                                                         \
    "{\"id\":\"" id "\",\"version\":\"1.0.0\",\"vendor\":\"The Quell authors\",\"description\":\"For tests\"," \
    "\"abi\":1,\"capabilities\":{" capabilities "}"

static inline quell_str test_text(const char *text) {
    quell_str made = {text, strlen(text)};
    return made;
}

static inline int test_equal(quell_str text, const char *other) {
    return text.size == strlen(other) && memcmp(text.data, other, text.size) == 0;
}

/* The string after `"name":"`, up to the next quote; empty if there is none. The host writes JSON without blanks,
 * and no value of the tests holds a quote. */
static inline quell_str test_member(quell_str json, const char *name) {
    char key[64];
    const int length = snprintf(key, sizeof key, "\"%s\":\"", name);
    quell_str found = {NULL, 0};
    const char *start = memmem(json.data, json.size, key, (size_t)length);
    if (start != NULL) {
        start += length;
        const char *end = memchr(start, '"', json.size - (size_t)(start - json.data));
        if (end != NULL) {
            found.data = start;
            found.size = (uint64_t)(end - start);
        }
    }
    return found;
}

static inline void test_fail(const quell_call_api *api, quell_call *call, int32_t status, const char *message) {
    quell_error error = {0};
    error.size = sizeof error;
    error.status = status;
    error.message = test_text(message);
    error.retry_after_ms = -1;
    api->fail(call, &error);
}

#endif
