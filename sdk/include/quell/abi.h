/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/*
 * The border between the Quell host and its plugins, in plain C11.
 *
 * A plugin is a shared library that exports one function, quell_plugin_entry. The same library runs in a
 * sandboxed process of its own (the default) or inside the host; it cannot tell and need not care.
 * C++ authors use <quell/plugin.hpp>, which is built on this file.
 *
 * Rules of this file
 *  1. C11, only <stddef.h> and <stdint.h>. No bool, enum-typed fields, bit-fields, packing, long or time_t.
 *  2. One exported function; everything else is reached through tables.
 *  3. Every table and record starts with `uint32_t size`, the bytes its writer knows. Fields are appended, never
 *     moved or changed. A reader touches a field only if its offset + width <= size: QUELL_HAS. Reserved words
 *     are zero. (quell_str is a value, not a record.)
 *  4. The major version never changes within a product generation; minor counts appended fields and services.
 *     Majors must be equal. A newer minor on either side is fine: feature-test by size and by id.
 *  5. Capabilities and host services are found by string id with a revision, for example
 *     "device_containment/1". Another meaning is another revision; both may be offered. Unknown id: null.
 *  6. Strings are {data, size} in UTF-8 without a terminating NUL. Everything passed in is borrowed for the
 *     duration of the call. Nothing is returned by pointer: results go out through functions of the host, which
 *     copy. So there is no allocator to share and nothing to free.
 *  7. Status values are the 17 canonical codes below, shared by host, plugins and wire.
 *  8. Each function's comment ends with its contract: [lifecycle] never overlaps another call on the instance;
 *     [worker] called on a worker thread, calls on one instance may overlap unless the manifest says
 *     "concurrency": "serial"; [any-thread]; [may-block]; [no-host-calls].
 *  9. No exception, longjmp, signal handler, atexit, chdir, setlocale, change of environment, fork or use of
 *     standard output may cross or leak. Threads of a plugin end before destroy returns.
 * 10. Unknown JSON members are ignored by both sides; unknown enumeration strings in a request are
 *     QUELL_INVALID_ARGUMENT.
 *
 * The JSON documents of each method are described in sdk/schema/.
 */
#ifndef QUELL_ABI_H
#define QUELL_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QUELL_ABI_MAJOR 1
#define QUELL_ABI_MINOR 2

/* 1 if the record behind `pointer` was written by someone who knows `field`. */
#define QUELL_HAS(pointer, type, field) \
    ((pointer)->size >= offsetof(type, field) + sizeof((pointer)->field))

/* Status: the canonical codes. Passed as int32_t. */
#define QUELL_OK 0
#define QUELL_CANCELLED 1
#define QUELL_UNKNOWN 2
#define QUELL_INVALID_ARGUMENT 3
#define QUELL_DEADLINE_EXCEEDED 4
#define QUELL_NOT_FOUND 5
#define QUELL_ALREADY_EXISTS 6
#define QUELL_PERMISSION_DENIED 7
#define QUELL_RESOURCE_EXHAUSTED 8
#define QUELL_FAILED_PRECONDITION 9
#define QUELL_ABORTED 10
#define QUELL_OUT_OF_RANGE 11
#define QUELL_UNIMPLEMENTED 12
#define QUELL_INTERNAL 13
#define QUELL_UNAVAILABLE 14
#define QUELL_DATA_LOSS 15
#define QUELL_UNAUTHENTICATED 16

/* Borrowed bytes; `data` may be null only if `size` is 0. */
typedef struct quell_str {
    const char *data;
    uint64_t size;
} quell_str;

/* Opaque. quell_host and quell_call belong to the host, quell_instance to the plugin. */
typedef struct quell_host quell_host;
typedef struct quell_call quell_call;
typedef struct quell_instance quell_instance;

/* Why a call failed. `message` may be shown to the agent that asked: no secrets, no provider bodies. */
typedef struct quell_error {
    uint32_t size;
    int32_t status;           /* never QUELL_OK */
    quell_str message;        /* a sentence for people */
    quell_str provider_code;  /* the vendor's own code, for example "E0000007"; may be empty */
    int64_t retry_after_ms;   /* when to come back; negative: not known */
    int32_t http_status;      /* the vendor's HTTP status; 0: none */
    uint32_t reserved;
} quell_error;

/* ------------------------------------------------------------------------------------------------------------
 * Plugin side
 * --------------------------------------------------------------------------------------------------------- */

/*
 * A method of a capability. `request` is a JSON document. The outcome is exactly one of the reply, reply_secret
 * and fail functions of "quell.call/1", called before the method returns; none is QUELL_INTERNAL for the caller,
 * a second one is ignored and recorded against the plugin. [worker] [may-block]
 */
typedef void (*quell_method)(quell_instance *instance, quell_call *call, quell_str request);

/*
 * "device_containment/1": find devices and contain, release or lock them.
 * resolve and poll run read-only: the host lets no changing HTTP request through.
 */
typedef struct quell_device_containment_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method resolve; /* a lookup to concrete devices and their present state; the dry run, and the read-back */
    quell_method apply;   /* an action on device ids that resolve returned; one outcome per id */
    quell_method poll;    /* what became of accepted actions, by continuation; one outcome per id */
} quell_device_containment_v1;

/* "session_revocation/1": find accounts and end their sessions. resolve runs read-only. */
typedef struct quell_session_revocation_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method resolve; /* a user name to accounts, exact matches only */
    quell_method revoke;  /* ends sessions of account ids that resolve returned; one outcome per id */
} quell_session_revocation_v1;

/* "health/1": whether the connector could act now, with the provider permission that is missing. Read-only. */
typedef struct quell_health_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method check;
} quell_health_v1;

/*
 * "mcp_content/1": tools, resources and prompts of the plugin's own, offered to MCP clients. Since 1.1.
 * Definitions and results are passed on byte for byte. All methods but call_tool and continue_task run read-only, and
 * so do these two for a tool whose annotations say readOnlyHint: true. A reply to call_tool, read_resource, get_prompt
 * and continue_task is one of: the result, questions to the client ("input_required"), a handle of work that goes on
 * ("task", tools only), a protocol error. The host keeps what is between two calls: the plugin's state comes back as it
 * was, and only from the caller that it was given to.
 */
typedef struct quell_mcp_content_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method list;          /* all that is offered at this moment */
    quell_method call_tool;     /* a tool of the list */
    quell_method read_resource; /* a resource by its URI; QUELL_NOT_FOUND if there is none */
    quell_method get_prompt;    /* a prompt of the list, filled in */
    quell_method complete;      /* suggestions for an argument of a prompt or resource template */
    quell_method continue_task; /* where the work behind a handle stands */
    quell_method cancel_task;   /* the client wants it no more */
} quell_mcp_content_v1;

/*
 * "challenge_channel/1": asks a person whether it was them, where that person already is (a chat, a phone). Since 1.2.
 * What the person answers comes back by inbound_event/1.
 */
typedef struct quell_challenge_channel_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method send;   /* puts the question before the person; the reply names the message and the person */
    quell_method update; /* shows the end state in place of the question */
    quell_method cancel; /* nobody wants an answer any more: takes the question back */
} quell_challenge_channel_v1;

/*
 * "inbound_event/1": what the provider sends to the host's address of the connector. Since 1.2. The plugin checks the
 * provider's signature over the raw body before anything else and replies with the HTTP answer and with what has
 * happened. Read-only, and short: providers wait a few seconds. The host makes the events durable before it answers
 * and acts on them afterwards; an event that comes twice (the same event_id) acts once.
 */
typedef struct quell_inbound_event_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method handle; /* one HTTP request to an answer and events; a bad signature is an answer 401, not a failure */
} quell_inbound_event_v1;

/* "notification_channel/1": tells people something, with buttons if an approval is wanted. Since 1.2. */
typedef struct quell_notification_channel_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method notify; /* sends a message, or puts it in the place of an earlier one */
} quell_notification_channel_v1;

/* "identity_lookup/1": which account at the provider is whose. Since 1.2. Read-only. */
typedef struct quell_identity_lookup_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method find_user; /* an e-mail address, or the provider's id of a user, to accounts; exact matches only */
} quell_identity_lookup_v1;

/*
 * "secret_backend/1": a store of secrets. Since 1.2.
 * A value never travels in a JSON document. Where a request or a reply carries values it is a secret document: one line
 * of JSON, the head, then a line feed, then the values' bytes one after the other; the head's member `fields` names them
 * in that order with their sizes ([{"name": "password", "size": 24}]). Requests of write and rotate are secret
 * documents, and so are the replies of read and wrap, which go out through reply_secret and never through reply.
 * describe, list, read and wrap run read-only.
 */
typedef struct quell_secret_backend_v1 {
    uint32_t size;
    uint32_t reserved;
    quell_method describe; /* what is known about a secret, without its values */
    quell_method list;     /* names below a path; never values */
    quell_method read;     /* the values; a dynamic secret is made by reading it and comes with a lease */
    quell_method write;    /* a new version with exactly these fields, on condition of the present version if asked */
    quell_method rotate;   /* a new version in which one field has another value */
    quell_method renew;    /* a lease for longer, or a version that revoke took away */
    quell_method revoke;   /* ends a lease, or takes versions away; ending what has ended is no failure */
    quell_method wrap;     /* the values as a token that can be redeemed once, at the backend itself */
} quell_secret_backend_v1;

/* What the host offers to a plugin: services by id, see below. Valid until destroy returns. */
typedef struct quell_host_api {
    uint32_t size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t reserved;
    /* The table of a service, or null if this host does not have it. Valid until destroy returns. [any-thread] */
    const void *(*service)(quell_host *host, quell_str id);
} quell_host_api;

/* The table that quell_plugin_entry returns. Static: it lives as long as the library. */
typedef struct quell_plugin {
    uint32_t size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t flags; /* 0 */
    /* The same bytes as in the ELF section .quell.manifest. */
    quell_str manifest;
    /*
     * Makes an instance for one connector of one tenant. `config` is its settings as JSON, valid by the manifest's
     * schema, without the members marked x-secret but for those that the manifest's raw_secrets names and the
     * administrator agreed to (since 1.2). Returns QUELL_OK and sets *out, or returns another status after calling
     * fail. Provider calls belong in health/1, not here. [lifecycle] [may-block]
     */
    int32_t (*create)(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config,
                      quell_instance **out);
    /* Frees the instance. [lifecycle] [no-host-calls] */
    void (*destroy)(quell_instance *instance);
    /* The table of a capability, or null. Static. [any-thread] [no-host-calls] */
    const void *(*capability)(quell_str id);
} quell_plugin;

/*
 * The one exported function. Returns the plugin's table, or null if the plugin cannot serve a host of that
 * version. Must not depend on having been called before. [lifecycle] [no-host-calls]
 */
typedef const quell_plugin *(*quell_plugin_entry_fn)(uint32_t host_major, uint32_t host_minor);
#define QUELL_PLUGIN_ENTRY_NAME "quell_plugin_entry"

/* ------------------------------------------------------------------------------------------------------------
 * Host side: services
 * --------------------------------------------------------------------------------------------------------- */

#define QUELL_MODE_NORMAL 0
#define QUELL_MODE_READ_ONLY 1

/* "quell.call/1": the call in progress. All functions [any-thread], until the method returns. */
typedef struct quell_call_api {
    uint32_t size;
    uint32_t reserved;
    /* Ends the call with a JSON document; checked against the method's reply schema. Copies. */
    void (*reply)(quell_call *call, quell_str json);
    /* Ends the call with a secret value; only where the method says so. Copies into wiped memory. */
    void (*reply_secret)(quell_call *call, quell_str bytes);
    /* Ends the call with a failure. Copies. */
    void (*fail)(quell_call *call, const quell_error *error);
    /* 1 once the caller has gone or the deadline has passed: return soon. */
    int32_t (*is_cancelled)(quell_call *call);
    /* Milliseconds since 1970-01-01 UTC. */
    int64_t (*deadline_unix_ms)(quell_call *call);
    /* The host's id of this order, for correlation in vendor logs. Borrowed until the method returns. */
    quell_str (*request_id)(quell_call *call);
    /* QUELL_MODE_READ_ONLY or QUELL_MODE_NORMAL. */
    int32_t (*mode)(quell_call *call);
} quell_call_api;

#define QUELL_LOG_TRACE 0
#define QUELL_LOG_DEBUG 1
#define QUELL_LOG_INFO 2
#define QUELL_LOG_WARN 3
#define QUELL_LOG_ERROR 4

/* "quell.log/1" */
typedef struct quell_log_api {
    uint32_t size;
    uint32_t reserved;
    /* `call` may be null. `fields` is a JSON object or empty. At most 8 KiB a line and 100 lines a second are kept;
     * control characters are escaped. [any-thread] */
    void (*write)(quell_host *host, quell_call *call, int32_t level, quell_str message, quell_str fields);
} quell_log_api;

/* "quell.clock/1" */
typedef struct quell_clock_api {
    uint32_t size;
    uint32_t reserved;
    int64_t (*now_unix_ms)(quell_host *host); /* [any-thread] */
    /* Sleeps; QUELL_OK, or QUELL_CANCELLED / QUELL_DEADLINE_EXCEEDED as soon as the call is over. [may-block] */
    int32_t (*sleep_ms)(quell_call *call, uint64_t duration);
} quell_clock_api;

typedef struct quell_header {
    quell_str name;
    quell_str value;
} quell_header;

/* The request changes nothing at the provider, or may safely arrive twice: the host may retry it. */
#define QUELL_HTTP_IDEMPOTENT 1u

typedef struct quell_http_request {
    uint32_t size;
    uint32_t flags; /* QUELL_HTTP_... */
    quell_str method;
    quell_str url; /* absolute, https (http only for simulators, by the admin's word), without credentials */
    const quell_header *headers;
    uint64_t header_count;
    quell_str body;
    /* Name of a credential profile of the manifest ("default"), or empty for none. The host adds the header. */
    quell_str auth;
    uint64_t timeout_ms;         /* 0: what is left of the call's deadline, which also caps it */
    uint64_t max_response_bytes; /* 0: 8 MiB, which also caps it */
} quell_http_request;

typedef struct quell_http_response {
    uint32_t size;
    int32_t status;
    const quell_header *headers; /* names in lower case; an own element for each repeated header */
    uint64_t header_count;
    quell_str body;
} quell_http_response;

/* Where the answer goes: exactly one of the two is called, before request() returns, on the calling thread. */
typedef struct quell_http_sink {
    uint32_t size;
    uint32_t reserved;
    void *context;
    void (*response)(void *context, const quell_http_response *response);
    void (*error)(void *context, const quell_error *error);
} quell_http_sink;

/*
 * "quell.http/1": the only way out. The host enforces the egress allow-list, TLS, read-only mode, byte caps and the
 * deadline, and adds credentials by profile, so that the plugin holds none.
 */
typedef struct quell_http_api {
    uint32_t size;
    uint32_t reserved;
    /* QUELL_OK after sink->response (any HTTP status), another status after sink->error. [worker] [may-block] */
    int32_t (*request)(quell_call *call, const quell_http_request *request, const quell_http_sink *sink);
} quell_http_api;

/* "quell.mcp/1": what a plugin with mcp_content/1 tells MCP clients besides its replies. Since 1.1. */
typedef struct quell_mcp_api {
    uint32_t size;
    uint32_t reserved;
    /*
     * `event` is a JSON document of at most 64 KiB with a member `kind` (sdk/schema/mcp_content-1.event.json).
     * progress, log and close_stream belong to `call`; for tools_changed, prompts_changed, resources_changed and
     * resource_updated it may be null. Events are told as far as the client wants them; too many are dropped.
     * QUELL_OK, or QUELL_INVALID_ARGUMENT for one that is too large. [any-thread]
     */
    int32_t (*notify)(quell_host *host, quell_call *call, quell_str event);
} quell_mcp_api;

/* ------------------------------------------------------------------------------------------------------------
 * Layout, checked where pointers have 64 bits; tests/abi/golden holds the whole of it.
 * --------------------------------------------------------------------------------------------------------- */
#if UINTPTR_MAX == UINT64_MAX
#ifdef __cplusplus
#define QUELL_STATIC_ASSERT static_assert
#else
#define QUELL_STATIC_ASSERT _Static_assert
#endif
QUELL_STATIC_ASSERT(sizeof(quell_str) == 16, "quell_str");
QUELL_STATIC_ASSERT(offsetof(quell_error, message) == 8, "quell_error.message");
QUELL_STATIC_ASSERT(offsetof(quell_error, provider_code) == 24, "quell_error.provider_code");
QUELL_STATIC_ASSERT(offsetof(quell_error, retry_after_ms) == 40, "quell_error.retry_after_ms");
QUELL_STATIC_ASSERT(offsetof(quell_error, http_status) == 48, "quell_error.http_status");
QUELL_STATIC_ASSERT(offsetof(quell_device_containment_v1, resolve) == 8, "resolve");
QUELL_STATIC_ASSERT(offsetof(quell_device_containment_v1, apply) == 16, "apply");
QUELL_STATIC_ASSERT(offsetof(quell_device_containment_v1, poll) == 24, "poll");
QUELL_STATIC_ASSERT(offsetof(quell_session_revocation_v1, resolve) == 8, "resolve");
QUELL_STATIC_ASSERT(offsetof(quell_session_revocation_v1, revoke) == 16, "revoke");
QUELL_STATIC_ASSERT(offsetof(quell_health_v1, check) == 8, "check");
QUELL_STATIC_ASSERT(offsetof(quell_mcp_content_v1, list) == 8, "list");
QUELL_STATIC_ASSERT(offsetof(quell_mcp_content_v1, cancel_task) == 56, "cancel_task");
QUELL_STATIC_ASSERT(offsetof(quell_challenge_channel_v1, send) == 8, "send");
QUELL_STATIC_ASSERT(offsetof(quell_challenge_channel_v1, cancel) == 24, "cancel");
QUELL_STATIC_ASSERT(offsetof(quell_inbound_event_v1, handle) == 8, "handle");
QUELL_STATIC_ASSERT(offsetof(quell_notification_channel_v1, notify) == 8, "notify");
QUELL_STATIC_ASSERT(offsetof(quell_identity_lookup_v1, find_user) == 8, "find_user");
QUELL_STATIC_ASSERT(offsetof(quell_secret_backend_v1, describe) == 8, "describe");
QUELL_STATIC_ASSERT(offsetof(quell_secret_backend_v1, wrap) == 64, "wrap");
QUELL_STATIC_ASSERT(offsetof(quell_host_api, service) == 16, "quell_host_api.service");
QUELL_STATIC_ASSERT(offsetof(quell_plugin, manifest) == 16, "quell_plugin.manifest");
QUELL_STATIC_ASSERT(offsetof(quell_plugin, create) == 32, "quell_plugin.create");
QUELL_STATIC_ASSERT(offsetof(quell_plugin, destroy) == 40, "quell_plugin.destroy");
QUELL_STATIC_ASSERT(offsetof(quell_plugin, capability) == 48, "quell_plugin.capability");
QUELL_STATIC_ASSERT(offsetof(quell_call_api, reply) == 8, "quell_call_api.reply");
QUELL_STATIC_ASSERT(offsetof(quell_call_api, mode) == 56, "quell_call_api.mode");
QUELL_STATIC_ASSERT(offsetof(quell_log_api, write) == 8, "quell_log_api.write");
QUELL_STATIC_ASSERT(offsetof(quell_clock_api, sleep_ms) == 16, "quell_clock_api.sleep_ms");
QUELL_STATIC_ASSERT(offsetof(quell_http_request, method) == 8, "quell_http_request.method");
QUELL_STATIC_ASSERT(offsetof(quell_http_request, headers) == 40, "quell_http_request.headers");
QUELL_STATIC_ASSERT(offsetof(quell_http_request, auth) == 72, "quell_http_request.auth");
QUELL_STATIC_ASSERT(offsetof(quell_http_request, max_response_bytes) == 96, "quell_http_request.max_response_bytes");
QUELL_STATIC_ASSERT(offsetof(quell_http_response, body) == 24, "quell_http_response.body");
QUELL_STATIC_ASSERT(offsetof(quell_http_sink, error) == 24, "quell_http_sink.error");
QUELL_STATIC_ASSERT(offsetof(quell_http_api, request) == 8, "quell_http_api.request");
QUELL_STATIC_ASSERT(offsetof(quell_mcp_api, notify) == 8, "quell_mcp_api.notify");
#endif

#ifdef __cplusplus
}
#endif

#endif
