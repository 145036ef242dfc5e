// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/curl_failure.hpp"

#include <fmt/format.h>

namespace quell::egress {
namespace {

Error unavailable(std::string_view host, std::string_view what) {
    return Error(Code::unavailable, "connector_unavailable", fmt::format("{} {}.", host, what))
        .retryable();
}

Error explain(CURLcode code, std::string_view host) {
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return deadline_passed(host);
        case CURLE_COULDNT_RESOLVE_HOST:
            return unavailable(host, "has no address");
        case CURLE_COULDNT_CONNECT:
            return unavailable(host, "takes no connection");
        case CURLE_SSL_CONNECT_ERROR:
            return unavailable(host, "does not complete the TLS handshake");
        case CURLE_PEER_FAILED_VERIFICATION:  // PF-11
            return Error(
                Code::failed_precondition, "connector_misconfigured",
                fmt::format("The TLS certificate of {} is not valid for that name and this host's "
                            "certificate authorities.",
                            host));
        case CURLE_SSL_CACERT_BADFILE:
            return Error(Code::failed_precondition, "connector_misconfigured",
                         "This host's bundle of certificate authorities cannot be read.")
                .next_step("Install the package ca-certificates.");
        case CURLE_PARTIAL_FILE:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return Error(Code::data_loss, "connector_unavailable",
                         fmt::format("The answer of {} is incomplete or is not HTTP.", host));
        case CURLE_OUT_OF_MEMORY:
        case CURLE_BAD_FUNCTION_ARGUMENT:
        case CURLE_UNKNOWN_OPTION:
        case CURLE_FAILED_INIT:
            return internal_error("libcurl");
        default:
            return answer_lost(host);
    }
}

}  // namespace

Error failure_of(CURLcode code, std::string_view host, std::string_view detail) {
    return explain(code, host)
        .detail(
            fmt::format("{} ({}) {}", curl_easy_strerror(code), static_cast<int>(code), detail));
}

Error deadline_passed(std::string_view host) {
    return Error(Code::deadline_exceeded, "deadline_exceeded",
                 fmt::format("{} did not answer in time.", host))
        .retryable();
}

Error caller_gone(std::string_view host) {
    return Error(Code::cancelled, "connector_unavailable",
                 fmt::format("The request to {} was cancelled.", host));
}

Error client_stopped() {
    return Error(Code::unavailable, "connector_unavailable", "This host is stopping.").retryable();
}

Error answer_too_large(std::string_view host) {
    return Error(Code::data_loss, "plugin_error",
                 fmt::format("The answer of {} is larger than allowed.", host));
}

Error address_refused(std::string_view host) {
    return Error(Code::failed_precondition, "connector_misconfigured",
                 fmt::format(
                     "{} has an address that is never called (private, local or reserved).",
                     host))
        .next_step(
            "Use a public address; simulators on this machine need "
            "allow_insecure_loopback.");
}

Error answer_lost(std::string_view host) {
    return unavailable(host, "ended the connection before its answer was complete");
}

}  // namespace quell::egress
