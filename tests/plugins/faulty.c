/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* A plugin that does what the looked-up value says: mostly something that a plugin must not do. apply answers for a
 * device that nobody asked for. */
#define _GNU_SOURCE
#include "test_plugin.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("faulty", QUELL_TEST_DEVICES)
                    ",\"egress\":[\"{settings.base_url}\"],\"max_concurrency\":2,"
                    "\"settings\":{\"type\":\"object\",\"properties\":{\"base_url\":{\"type\":\"string\"},"
                    "\"refuse\":{\"type\":\"string\"},\"trouble\":{\"type\":\"string\"}}}}");

struct quell_instance {
    quell_host *host;
    const quell_call_api *call;
    const quell_log_api *log;
    const quell_clock_api *clock;
    const quell_http_api *http;
    int end_badly; /* what destroy does */
};

enum { END_WELL, END_HANGING, END_CRASHING };

static const char kNobody[] = "{\"devices\":[]}";

static void hang(quell_instance *self, quell_call *call) {
    (void)self;
    (void)call;
    for (;;) {
        sleep(1);
    }
}

static void segv(quell_instance *self, quell_call *call) {
    (void)self;
    (void)call;
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void end(quell_instance *self, quell_call *call) {
    (void)self;
    (void)call;
    exit(0);
}

static void stop_by_abort(quell_instance *self, quell_call *call) {
    (void)self;
    (void)call;
    abort();
}

static void nothing(quell_instance *self, quell_call *call) {
    (void)self;
    (void)call;
}

static void twice(quell_instance *self, quell_call *call) {
    self->call->reply(call, test_text(kNobody));
    self->call->reply(call, test_text("{\"devices\":[{}]}"));
}

static void not_json(quell_instance *self, quell_call *call) { self->call->reply(call, test_text("{\"devices\"")); }

static void not_utf8(quell_instance *self, quell_call *call) {
    self->call->reply(call, test_text("{\"devices\":[],\"x\":\"\xff\xfe\"}"));
}

static void wrong_shape(quell_instance *self, quell_call *call) {
    self->call->reply(call, test_text("{\"devices\":[{\"provider_device_id\":\"x\"}]}"));
}

static void huge(quell_instance *self, quell_call *call) {
    const size_t size = (size_t)9 << 20;
    char *text = malloc(size);
    memset(text, ' ', size);
    self->call->reply(call, (quell_str){text, size});
    free(text);
}

/* Up to a gigabyte, so that a host without limits survives the test that finds that out. */
static void leak(quell_instance *self, quell_call *call) {
    for (int i = 0; i < 1024; ++i) {
        char *chunk = malloc(1 << 20);
        if (chunk == NULL) {
            test_fail(self->call, call, QUELL_RESOURCE_EXHAUSTED, "out of memory");
            return;
        }
        memset(chunk, 1, 1 << 20);
    }
    self->call->reply(call, test_text(kNobody));
}

static void secret(quell_instance *self, quell_call *call) { self->call->reply_secret(call, test_text("hidden")); }

static void refuse(quell_instance *self, quell_call *call) {
    quell_error error = {.size = sizeof error,
                         .status = QUELL_PERMISSION_DENIED,
                         .message = test_text("The API client lacks the scope Hosts: write."),
                         .provider_code = test_text("403"),
                         .retry_after_ms = 1500,
                         .http_status = 403};
    self->call->fail(call, &error);
}

static void nap(quell_instance *self, quell_call *call) {
    const int32_t status = self->clock->sleep_ms(call, 60000);
    test_fail(self->call, call, status, "woken up");
}

static void doze(long milliseconds) {
    const struct timespec time = {milliseconds / 1000, (milliseconds % 1000) * 1000000};
    nanosleep(&time, NULL);
}

/* Deaf to the deadline, but not for ever: the reply comes when nobody waits for it any more. */
static void late(quell_instance *self, quell_call *call) {
    doze(1200);
    self->call->reply(call, test_text(kNobody));
}

typedef struct stray_thread {
    quell_instance *self;
    quell_call *call;
} stray_thread;

static void *reply_for_ever(void *argument) {
    const stray_thread *stray = argument;
    for (;;) {
        doze(1);
        stray->self->call->reply(stray->call, test_text(kNobody));
        stray->self->log->write(stray->self->host, stray->call, QUELL_LOG_INFO, test_text("stray"), test_text(""));
    }
    return NULL;
}

/* Leaves a thread behind that goes on using the call. */
static void stray(quell_instance *self, quell_call *call) {
    stray_thread *kept = malloc(sizeof *kept);
    *kept = (stray_thread){self, call};
    pthread_t thread;
    pthread_create(&thread, NULL, reply_for_ever, kept);
    self->call->reply(call, test_text(kNobody));
}

static void chatter(quell_instance *self, quell_call *call) {
    for (int i = 0; i < 300; ++i) {
        self->log->write(self->host, call, QUELL_LOG_INFO, test_text("a line\x1b[31m"), test_text("{\"n\":1}"));
    }
    puts("to standard output");
    fflush(stdout);
    self->call->reply(call, test_text(kNobody));
}

typedef struct fetched {
    quell_instance *self;
    quell_call *call;
} fetched;

static void on_response(void *context, const quell_http_response *response) {
    fetched *to = context;
    char text[256];
    snprintf(text, sizeof text,
             "{\"devices\":[{\"provider_device_id\":\"%d\",\"hostname\":\"%.*s\",\"containment_state\":\"normal\","
             "\"match\":\"exact\"}]}",
             (int)response->status, (int)response->body.size, response->body.data);
    to->self->call->reply(to->call, test_text(text));
}

static void on_error(void *context, const quell_error *error) {
    fetched *to = context;
    to->self->call->fail(to->call, error);
}

static void fetch(quell_instance *self, quell_call *call, const char *method, quell_str url) {
    fetched to = {self, call};
    const quell_header header = {test_text("x-test"), test_text("1")};
    const quell_http_request request = {.size = sizeof request,
                                        .method = test_text(method),
                                        .url = url,
                                        .headers = &header,
                                        .header_count = 1,
                                        .body = test_text(strcmp(method, "GET") == 0 ? "" : "{}")};
    const quell_http_sink sink = {sizeof sink, 0, &to, on_response, on_error};
    self->http->request(call, &request, &sink);
}

typedef struct fault {
    const char *name;
    void (*run)(quell_instance *, quell_call *);
} fault;

static const fault kFaults[] = {
    {"hang", hang},           {"segv", segv},         {"exit", end},
    {"abort", stop_by_abort}, {"nothing", nothing},   {"twice", twice},
    {"not-json", not_json},   {"not-utf8", not_utf8}, {"wrong-shape", wrong_shape},
    {"huge", huge},           {"leak", leak},         {"secret", secret},
    {"refuse", refuse},       {"nap", nap},           {"chatter", chatter},
    {"late", late},           {"stray", stray},
};

static void resolve(quell_instance *self, quell_call *call, quell_str request) {
    const quell_str value = test_member(request, "value");
    for (size_t i = 0; i < sizeof kFaults / sizeof *kFaults; ++i) {
        if (test_equal(value, kFaults[i].name)) {
            kFaults[i].run(self, call);
            return;
        }
    }
    if (value.size > 4 && memcmp(value.data, "http", 4) == 0) {
        fetch(self, call, "GET", value);
    } else if (value.size > 5 && memcmp(value.data, "POST ", 5) == 0) {
        fetch(self, call, "POST", (quell_str){value.data + 5, value.size - 5});
    } else {
        self->call->reply(call, test_text(kNobody));
    }
}

/* The reason is a URL to post to first. */
static void apply(quell_instance *self, quell_call *call, quell_str request) {
    const quell_str reason = test_member(request, "reason");
    if (reason.size > 4 && memcmp(reason.data, "http", 4) == 0) {
        fetch(self, call, "POST", reason);
    } else {
        self->call->reply(call, test_text("{\"outcomes\":[{\"provider_device_id\":\"somebody-else\",\"state\":"
                                          "\"confirmed\",\"changed\":true}]}"));
    }
}

static int32_t create(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config,
                      quell_instance **out) {
    const quell_call_api *calls = api->service(host, test_text("quell.call/1"));
    if (memmem(config.data, config.size, "\"refuse\"", 8) != NULL) {
        test_fail(calls, call, QUELL_INVALID_ARGUMENT, "this tenant does not exist at the provider");
        return QUELL_INVALID_ARGUMENT;
    }
    if (memmem(config.data, config.size, "\"hang-create\"", 13) != NULL) {
        hang(NULL, call);
    }
    if (memmem(config.data, config.size, "\"crash-create\"", 14) != NULL) {
        segv(NULL, call);
    }
    quell_instance *self = calloc(1, sizeof *self);
    self->end_badly = memmem(config.data, config.size, "\"hang-destroy\"", 14) != NULL    ? END_HANGING
                      : memmem(config.data, config.size, "\"crash-destroy\"", 15) != NULL ? END_CRASHING
                                                                                         : END_WELL;
    self->host = host;
    self->call = calls;
    self->log = api->service(host, test_text("quell.log/1"));
    self->clock = api->service(host, test_text("quell.clock/1"));
    self->http = api->service(host, test_text("quell.http/1"));
    *out = self;
    return QUELL_OK;
}

static void destroy(quell_instance *self) {
    if (self->end_badly == END_HANGING) {
        hang(self, NULL);
    }
    if (self->end_badly == END_CRASHING) {
        segv(self, NULL);
    }
    free(self);
}

static const quell_device_containment_v1 kContainment = {sizeof kContainment, 0, resolve, apply, resolve};

static const void *capability(quell_str id) { return test_equal(id, "device_containment/1") ? &kContainment : NULL; }

QUELL_TEST_EXPORT const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor);
const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const quell_plugin plugin = {sizeof plugin, QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0,
                                        {kManifest, sizeof kManifest}, create, destroy, capability};
    (void)host_major;
    (void)host_minor;
    return &plugin;
}
