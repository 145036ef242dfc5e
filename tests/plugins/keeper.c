/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* Keeps secrets whose path says how it answers: "good", "dynamic" (with a lease), "json" (a value in a plain reply),
 * "short" (sizes that do not fit), "headless", "echo" (what write was given). A lease that is called "down" cannot be
 * ended. */
#define _GNU_SOURCE
#include "test_plugin.h"

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("keeper", "\"secret_backend/1\":{\"versioned\":true,\"dynamic\":true}") "}");

struct quell_instance {
    const quell_call_api *call;
    char written[256];
};

static void secret(quell_instance *self, quell_call *call, const char *document) {
    self->call->reply_secret(call, test_text(document));
}

static void read_secret(quell_instance *self, quell_call *call, quell_str request) {
    const quell_str path = test_member(request, "path");
    if (test_equal(path, "good")) {
        secret(self, call, "{\"fields\":[{\"name\":\"user\",\"size\":5},{\"name\":\"password\",\"size\":4}],\"version\":7}\nalicep\nw!");
    } else if (test_equal(path, "dynamic")) {
        secret(self, call, "{\"fields\":[{\"name\":\"password\",\"size\":2}],\"lease\":{\"id\":\"lease-1\",\"ttl_ms\":60000,\"renewable\":true}}\npw");
    } else if (test_equal(path, "json")) {
        self->call->reply(call, test_text("{\"fields\":[{\"name\":\"password\",\"size\":2}]}"));
    } else if (test_equal(path, "short")) {
        secret(self, call, "{\"fields\":[{\"name\":\"password\",\"size\":20}]}\npw");
    } else if (test_equal(path, "headless")) {
        secret(self, call, "pw");
    } else if (test_equal(path, "echo")) {
        secret(self, call, self->written);
    } else {
        test_fail(self->call, call, QUELL_NOT_FOUND, "There is no such secret.");
    }
}

static void write_secret(quell_instance *self, quell_call *call, quell_str request) {
    const size_t size = request.size < sizeof self->written - 1 ? request.size : sizeof self->written - 1;
    memcpy(self->written, request.data, size);
    self->written[size] = '\0';
    self->call->reply(call, test_text("{\"version\":8}"));
}

/* A secret where none belongs. */
static void list(quell_instance *self, quell_call *call, quell_str request) {
    (void)request;
    secret(self, call, "{\"names\":[]}\n");
}

static void revoke(quell_instance *self, quell_call *call, quell_str request) {
    if (test_equal(test_member(request, "lease_id"), "down")) {
        test_fail(self->call, call, QUELL_UNAVAILABLE, "The backend is sealed.");
    } else {
        self->call->reply(call, test_text("{}"));
    }
}

static void refuse(quell_instance *self, quell_call *call, quell_str request) {
    (void)request;
    test_fail(self->call, call, QUELL_UNIMPLEMENTED, "Not in this test.");
}

static const quell_secret_backend_v1 kBackend = {
    sizeof(quell_secret_backend_v1), 0, refuse, list, read_secret, write_secret, refuse, refuse, revoke, refuse};

static int32_t create(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config,
                      quell_instance **out) {
    (void)call;
    (void)config;
    quell_instance *made = calloc(1, sizeof *made);
    made->call = api->service(host, test_text("quell.call/1"));
    *out = made;
    return QUELL_OK;
}

static void destroy(quell_instance *self) { free(self); }

static const void *capability(quell_str id) { return test_equal(id, "secret_backend/1") ? &kBackend : NULL; }

static const quell_plugin kPlugin = {sizeof(quell_plugin), QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0, {kManifest, sizeof kManifest},
                                     create, destroy, capability};

QUELL_TEST_EXPORT const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_minor;
    return host_major == QUELL_ABI_MAJOR ? &kPlugin : NULL;
}
