/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* The EDR of the fan-out benchmark: each look-up is one HTTPS request to fleet-provider, whose answer is already in the
 * host's form, so that what is measured is the host. */
#define _GNU_SOURCE
#include "test_plugin.h"

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("fleet", QUELL_TEST_DEVICES)
                    ",\"settings\":{\"type\":\"object\",\"properties\":{\"base_url\":{\"type\":\"string\"}},"
                    "\"required\":[\"base_url\"],\"additionalProperties\":false},"
                    "\"egress\":[\"{settings.base_url}\"],\"max_concurrency\":64}");

struct quell_instance {
    const quell_call_api *call;
    const quell_http_api *http;
    char base_url[128];
};

typedef struct answer {
    quell_instance *self;
    quell_call *call;
} answer;

static void on_response(void *context, const quell_http_response *response) {
    const answer *to = context;
    to->self->call->reply(to->call, response->body);
}

static void on_error(void *context, const quell_error *error) {
    const answer *to = context;
    to->self->call->fail(to->call, error);
}

static void resolve(quell_instance *self, quell_call *call, quell_str asked) {
    const quell_str value = test_member(asked, "value");
    char url[256];
    snprintf(url, sizeof url, "%s/%.*s", self->base_url, (int)value.size, value.data);
    answer to = {self, call};
    const quell_http_request request = {.size = sizeof request,
                                        .flags = QUELL_HTTP_IDEMPOTENT,
                                        .method = test_text("GET"),
                                        .url = test_text(url)};
    const quell_http_sink sink = {sizeof sink, 0, &to, on_response, on_error};
    self->http->request(call, &request, &sink);
}

static void refuse(quell_instance *self, quell_call *call, quell_str asked) {
    (void)asked;
    test_fail(self->call, call, QUELL_UNIMPLEMENTED, "The benchmark only looks up.");
}

static int32_t create(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config,
                      quell_instance **out) {
    const quell_str base_url = test_member(config, "base_url");
    (void)call;
    quell_instance *self = calloc(1, sizeof *self);
    self->call = api->service(host, test_text("quell.call/1"));
    self->http = api->service(host, test_text("quell.http/1"));
    snprintf(self->base_url, sizeof self->base_url, "%.*s", (int)base_url.size, base_url.data);
    *out = self;
    return QUELL_OK;
}

static void destroy(quell_instance *self) { free(self); }

static const quell_device_containment_v1 kContainment = {sizeof kContainment, 0, resolve, refuse, refuse};

static const void *capability(quell_str id) { return test_equal(id, "device_containment/1") ? &kContainment : NULL; }

QUELL_TEST_EXPORT const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor);
const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const quell_plugin plugin = {sizeof plugin, QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0,
                                        {kManifest, sizeof kManifest}, create, destroy, capability};
    (void)host_minor;
    return host_major == QUELL_ABI_MAJOR ? &plugin : NULL;
}
