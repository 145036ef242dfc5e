// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <string>

#include "egress/connector_http.hpp"
#include "json/value.hpp"
#include "plugins/call.hpp"

namespace quell::plugins {

// quell.http/1 for both kinds of plugins. Runs on the call's worker thread; ends at the call's deadline or as soon as
// it is cancelled. An acting request leaves only after CallOptions::before_acting_request; a call without that
// function lets none through.
Result<egress::HttpResponse> perform_http(Call& call, egress::PluginHttpRequest request, bool read_only);

// The request as a plugin in the host's memory gives it, or as a runner's frame does (hostile: invalid_arguments).
egress::PluginHttpRequest read_http_request(const quell_http_request& request);
Result<egress::PluginHttpRequest> read_http_request(const json::Object& head, std::string body);

// The heads of an http_response frame, without `call`.
json::Object response_head(const egress::HttpResponse& response);
json::Object error_head(const Error& error);

}  // namespace quell::plugins
