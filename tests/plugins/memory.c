/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* device_containment/1 from memory: three devices, no provider, no JSON library. With the setting
 * `"asynchronous": true` an action is accepted first and confirmed by poll. */
#define _GNU_SOURCE
#include "test_plugin.h"

#include <stdatomic.h>

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("memory", QUELL_TEST_DEVICES ",\"health/1\":{}")
                    ",\"settings\":{\"type\":\"object\",\"properties\":{"
                    "\"asynchronous\":{\"type\":\"boolean\",\"default\":false},"
                    "\"token\":{\"type\":\"string\",\"x-secret\":true}},\"additionalProperties\":false}}");

#define DEVICE_COUNT 3

typedef struct device {
    const char *id;
    const char *hostname;
    const char *serial;
} device;

static const device kDevices[DEVICE_COUNT] = {
    {"mem-1", "alice-mac.corp.example", "C02ALICE0001"},
    {"mem-2", "bob-win.corp.example", "BOB0001"},
    {"mem-3", "lab-imac.corp.example", "LAB0001"},
};

struct quell_instance {
    const quell_call_api *call;
    int asynchronous;
    atomic_int contained[DEVICE_COUNT];
};

typedef struct writer {
    char *at;
    char *end;
} writer;

static void put(writer *out, const char *text) {
    const size_t size = strlen(text);
    if ((size_t)(out->end - out->at) >= size) {
        memcpy(out->at, text, size);
        out->at += size;
    }
}

static const char *looked_up(const device *candidate, quell_str type) {
    if (test_equal(type, "hostname")) {
        return candidate->hostname;
    }
    if (test_equal(type, "serial_number")) {
        return candidate->serial;
    }
    return test_equal(type, "provider_device_id") ? candidate->id : NULL;
}

static void put_device(writer *out, const device *found, int contained) {
    put(out, "{\"provider_device_id\":\"");
    put(out, found->id);
    put(out, "\",\"hostname\":\"");
    put(out, found->hostname);
    put(out, "\",\"serial_number\":\"");
    put(out, found->serial);
    put(out, "\",\"user_email\":null,\"platform\":\"test\",\"containment_state\":\"");
    put(out, contained ? "contained" : "normal");
    put(out, "\",\"match\":\"exact\",\"last_seen\":null}");
}

static void resolve(quell_instance *self, quell_call *call, quell_str request) {
    char text[512];
    writer out = {text, text + sizeof text};
    const quell_str type = test_member(request, "lookup_type");
    const quell_str value = test_member(request, "value");
    put(&out, "{\"devices\":[");
    for (int i = 0; i < DEVICE_COUNT; ++i) {
        const char *own = looked_up(&kDevices[i], type);
        if (own != NULL && test_equal(value, own)) {
            put_device(&out, &kDevices[i], atomic_load(&self->contained[i]));
        }
    }
    put(&out, "]}");
    const quell_str reply = {text, (uint64_t)(out.at - text)};
    self->call->reply(call, reply);
}

/* One outcome for each known id that the request holds as a string. */
static void answer(quell_instance *self, quell_call *call, quell_str request, int apply) {
    char text[1024];
    char quoted[32];
    writer out = {text, text + sizeof text};
    const int wanted = test_equal(test_member(request, "action"), "network_contain");
    int count = 0;
    put(&out, "{\"outcomes\":[");
    for (int i = 0; i < DEVICE_COUNT; ++i) {
        const int length = snprintf(quoted, sizeof quoted, "\"%s\"", kDevices[i].id);
        if (memmem(request.data, request.size, quoted, (size_t)length) == NULL) {
            continue;
        }
        const int before = apply ? atomic_exchange(&self->contained[i], wanted) : !wanted;
        put(&out, count++ == 0 ? "{\"provider_device_id\":\"" : ",{\"provider_device_id\":\"");
        put(&out, kDevices[i].id);
        if (apply && self->asynchronous && before != wanted) {
            put(&out, "\",\"state\":\"accepted\",\"continuation\":\"later\",\"poll_after_ms\":50}");
        } else {
            put(&out, "\",\"state\":\"confirmed\",\"changed\":");
            put(&out, before != wanted ? "true}" : "false}");
        }
    }
    put(&out, "]}");
    const quell_str reply = {text, (uint64_t)(out.at - text)};
    self->call->reply(call, reply);
}

static void apply(quell_instance *self, quell_call *call, quell_str request) { answer(self, call, request, 1); }

static void poll_devices(quell_instance *self, quell_call *call, quell_str request) {
    answer(self, call, request, 0);
}

static void check(quell_instance *self, quell_call *call, quell_str request) {
    (void)request;
    self->call->reply(call, test_text("{\"healthy\":true,\"checks\":[]}"));
}

static int32_t create(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config,
                      quell_instance **out) {
    const quell_call_api *calls = api->service(host, test_text("quell.call/1"));
    if (memmem(config.data, config.size, "token", 5) != NULL) {
        test_fail(calls, call, QUELL_INVALID_ARGUMENT, "a secret has reached the plugin");
        return QUELL_INVALID_ARGUMENT;
    }
    quell_instance *self = calloc(1, sizeof *self);
    self->call = calls;
    self->asynchronous = memmem(config.data, config.size, "\"asynchronous\":true", 19) != NULL;
    *out = self;
    return QUELL_OK;
}

static void destroy(quell_instance *self) { free(self); }

static const quell_device_containment_v1 kContainment = {sizeof kContainment, 0, resolve, apply, poll_devices};
static const quell_health_v1 kHealth = {sizeof kHealth, 0, check};

static const void *capability(quell_str id) {
    if (test_equal(id, "device_containment/1")) {
        return &kContainment;
    }
    return test_equal(id, "health/1") ? (const void *)&kHealth : NULL;
}

QUELL_TEST_EXPORT const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor);
const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const quell_plugin plugin = {sizeof plugin, QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0,
                                        {kManifest, sizeof kManifest}, create, destroy, capability};
    (void)host_minor;
    return host_major == QUELL_ABI_MAJOR ? &plugin : NULL;
}
