/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* The MDM of the fan-out benchmark: from memory it gives the person N@... N devices, which the EDR is then asked for by
 * serial number, side by side. */
#define _GNU_SOURCE
#include "test_plugin.h"

QUELL_TEST_MANIFEST("{\"id\":\"roster\",\"version\":\"1.0.0\",\"vendor\":\"The Quell authors\",\"description\":\"For tests\","
                    "\"abi\":1,\"capabilities\":{\"device_containment/1\":{\"kind\":\"mdm\",\"actions\":[\"lock_device\"],"
                    "\"lookup_types\":[\"user_email\",\"provider_device_id\"]}},\"max_concurrency\":4}");

#define MOST_DEVICES 200
#define DEVICE_BYTES 256

struct quell_instance {
    const quell_call_api *call;
};

static void resolve(quell_instance *self, quell_call *call, quell_str asked) {
    const quell_str person = test_member(asked, "value");
    const int wanted = atoi(person.data);
    const int count = wanted < MOST_DEVICES ? wanted : MOST_DEVICES;
    char *text = malloc((size_t)(count + 1) * DEVICE_BYTES);
    int length = sprintf(text, "{\"devices\":[");
    for (int i = 0; i < count; ++i) {
        length += sprintf(text + length,
                          "%s{\"provider_device_id\":\"mdm-%d\",\"hostname\":\"d%d.fleet.example\",\"serial_number\":\"D%d\","
                          "\"user_email\":\"%.*s\",\"containment_state\":\"normal\",\"match\":\"exact\"}",
                          i == 0 ? "" : ",", i, i, i, (int)person.size, person.data);
    }
    length += sprintf(text + length, "]}");
    const quell_str reply = {text, (uint64_t)length};
    self->call->reply(call, reply);
    free(text);
}

static void refuse(quell_instance *self, quell_call *call, quell_str asked) {
    (void)asked;
    test_fail(self->call, call, QUELL_UNIMPLEMENTED, "The benchmark only looks up.");
}

static int32_t create(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config,
                      quell_instance **out) {
    (void)call;
    (void)config;
    *out = calloc(1, sizeof **out);
    (*out)->call = api->service(host, test_text("quell.call/1"));
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
