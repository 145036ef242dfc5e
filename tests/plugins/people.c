/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* Reaches people, from memory: challenge_channel, inbound_event, notification_channel and identity_lookup. What handle
 * answers is named by the query of the request. */
#define _GNU_SOURCE
#include "test_plugin.h"

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("people", "\"challenge_channel/1\":{},\"inbound_event/1\":{\"needs\":[\"key\"]},"
                                              "\"notification_channel/1\":{},\"identity_lookup/1\":{}")
                    ",\"raw_secrets\":[\"key\"],\"settings\":{\"type\":\"object\",\"properties\":{"
                    "\"key\":{\"type\":\"string\",\"x-secret\":true},\"token\":{\"type\":\"string\",\"x-secret\":true}}}}");

struct quell_instance {
    const quell_call_api *call;
    char key[64];
    int has_token;
};

static void reply(quell_instance *self, quell_call *call, const char *text) { self->call->reply(call, test_text(text)); }

static void send_challenge(quell_instance *self, quell_call *call, quell_str asked) {
    const quell_str person = test_member(asked, "email");
    if (test_equal(person, "nobody@corp.example")) {
        test_fail(self->call, call, QUELL_NOT_FOUND, "There is no such person.");
        return;
    }
    reply(self, call, "{\"message\":\"m-1\",\"target_user_id\":\"U1\",\"requester_user_id\":\"UBOT\"}");
}

static void done(quell_instance *self, quell_call *call, quell_str asked) {
    (void)asked;
    reply(self, call, "{}");
}

static void handle(quell_instance *self, quell_call *call, quell_str asked) {
    const quell_str query = test_member(asked, "query");
    char text[512];
    if (test_equal(query, "answered")) {
        reply(self, call, "{\"response\":{\"status\":200},\"events\":[{\"type\":\"challenge_answered\",\"event_id\":\"e-1\","
                          "\"provider_user_id\":\"U1\",\"challenge_id\":\"c-1\",\"answer\":\"incident_reported\","
                          "\"context\":\"not me\"}]}");
    } else if (test_equal(query, "page")) {
        reply(self, call, "{\"response\":{\"status\":200,\"headers\":[{\"name\":\"Content-Type\",\"value\":\"text/html\"},"
                          "{\"name\":\"Set-Cookie\",\"value\":\"a=b\"},{\"name\":\"retry-after\",\"value\":\"3\"}]}}");
    } else if (test_equal(query, "refused")) {
        reply(self, call, "{\"response\":{\"status\":401},\"events\":[{\"type\":\"challenge_answered\",\"event_id\":\"e-1\","
                          "\"provider_user_id\":\"U1\",\"challenge_id\":\"c-1\",\"answer\":\"verified\"}]}");
    } else if (test_equal(query, "invented")) {
        reply(self, call, "{\"response\":{\"status\":200},\"events\":[{\"type\":\"grant_everything\",\"event_id\":\"e-1\","
                          "\"provider_user_id\":\"U1\"}]}");
    } else {
        const quell_str body = test_member(asked, "body_base64");
        snprintf(text, sizeof text, "{\"response\":{\"status\":200,\"body\":\"%.*s %s %d\"}}", (int)body.size, body.data, self->key,
                 self->has_token);
        reply(self, call, text);
    }
}

static void notify(quell_instance *self, quell_call *call, quell_str asked) {
    (void)asked;
    reply(self, call, "{\"message\":\"n-1\"}");
}

static void find_user(quell_instance *self, quell_call *call, quell_str asked) {
    const quell_str id = test_member(asked, "provider_user_id");
    reply(self, call,
          id.size > 0 && !test_equal(id, "U1")
              ? "{\"users\":[{\"provider_user_id\":\"U1\",\"email\":null,\"active\":false}]}"
              : "{\"users\":[{\"provider_user_id\":\"U1\",\"email\":\"alice@corp.example\",\"name\":\"Alice\",\"active\":true}]}");
}

static int32_t create(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config, quell_instance **out) {
    (void)call;
    *out = calloc(1, sizeof **out);
    (*out)->call = api->service(host, test_text("quell.call/1"));
    const quell_str key = test_member(config, "key");
    snprintf((*out)->key, sizeof(*out)->key, "%.*s", (int)key.size, key.data);
    (*out)->has_token = test_member(config, "token").size > 0;
    return QUELL_OK;
}

static void destroy(quell_instance *self) { free(self); }

static const quell_challenge_channel_v1 kChannel = {sizeof kChannel, 0, send_challenge, done, done};
static const quell_inbound_event_v1 kInbound = {sizeof kInbound, 0, handle};
static const quell_notification_channel_v1 kNotices = {sizeof kNotices, 0, notify};
static const quell_identity_lookup_v1 kLookup = {sizeof kLookup, 0, find_user};

static const void *capability(quell_str id) {
    if (test_equal(id, "challenge_channel/1")) {
        return &kChannel;
    }
    if (test_equal(id, "inbound_event/1")) {
        return &kInbound;
    }
    if (test_equal(id, "notification_channel/1")) {
        return &kNotices;
    }
    return test_equal(id, "identity_lookup/1") ? &kLookup : NULL;
}

QUELL_TEST_EXPORT const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor);
const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const quell_plugin plugin = {sizeof plugin, QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0,
                                        {kManifest, sizeof kManifest}, create, destroy, capability};
    (void)host_minor;
    return host_major == QUELL_ABI_MAJOR ? &plugin : NULL;
}
