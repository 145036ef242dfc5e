// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/read_call.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "http/form.hpp"
#include "http/router.hpp"
#include "json/parse.hpp"

namespace quell::api {
namespace {

constexpr std::string_view kKeyHeader = "Idempotency-Key";
constexpr std::size_t kLongestKey = 128;  // INTERFACES.md 1
constexpr std::size_t kLongestSegment = 2048;
constexpr std::size_t kMostViolations = 20;

Result<std::vector<std::string>> read_path(const std::string& pattern, std::string_view path) {
    std::vector<std::string> values;
    const auto raw = http::match_path(pattern, path);  // the router has matched it already
    for (const std::string_view segment : raw.value_or(std::vector<std::string_view>())) {
        auto value = percent_decode(segment, false);
        if (!value || value->size() > kLongestSegment || !is_utf8(*value) || value->find('\0') != std::string::npos) {
            return invalid_arguments("The path is not well-formed URL-encoded UTF-8, or a part of it is too long.");
        }
        values.push_back(*std::move(value));
    }
    return values;
}

std::vector<std::string> names_of(const CheckedRoute& route) {
    std::vector<std::string> names;
    for (const auto& parameter : route.query) {
        names.push_back(parameter.given.name);
    }
    return names;
}

// As its schema's type wants it; what is no number stays text, which the schema refuses.
json::Value typed_value(const CheckedRoute::Parameter& parameter, const std::string& text) {
    const json::Value* const type = parameter.schema.as_object().if_contains("type");
    std::int64_t number = 0;
    if (type != nullptr && json::text(*type) == "integer") {
        const char* const end = text.data() + text.size();
        if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc() && read.ptr == end) {
            return number;
        }
    }
    return json::Value(text);
}

Result<void> read_parameter(const CheckedRoute& route, const std::string& name, const std::string& text, json::Object& out) {
    const auto known = std::find_if(route.query.begin(), route.query.end(),
                                    [&](const auto& parameter) { return parameter.given.name == name; });
    if (known == route.query.end()) {
        return invalid_arguments("The query has a parameter that this call does not know.").allowed(names_of(route));
    }
    json::Value value = typed_value(*known, text);
    if (const auto valid = known->check.check(value); !valid) {
        return invalid_arguments("The query's `" + name + "` is refused: " + valid.error()->message)
            .allowed(valid.error()->allowed);
    }
    if (!out.emplace(name, std::move(value)).second) {
        return invalid_arguments("The query has `" + name + "` twice.");
    }
    return {};
}

Result<json::Object> read_query(const CheckedRoute& route, std::string_view query) {
    const auto form = http::Form::parse(query);
    if (!form) {
        return invalid_arguments(form.error()->message);
    }
    json::Object values;
    for (const auto& [name, text] : form->parameters()) {
        TRY_VOID(read_parameter(route, name, text, values));
    }
    return values;
}

// L42+. A caller who sends a key believes that repeating is safe, so where it is not, the key is refused.
Result<std::optional<std::string>> read_key(const CheckedRoute& route, const http::Request& request) {
    const std::size_t count = request.count(kKeyHeader);
    if (count == 0 || request.method == "GET" || request.method == "HEAD") {
        return std::optional<std::string>();
    }
    const std::string_view key = request.find(kKeyHeader);
    const bool is_plain = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7F'; });
    if (count > 1 || key.empty() || key.size() > kLongestKey || !is_plain) {
        return invalid_arguments("Idempotency-Key must be one value of 1 to 128 printable characters without spaces.");
    }
    if (!route.route.takes_idempotency_key) {
        return invalid_arguments("This call takes no Idempotency-Key.");
    }
    return std::optional(std::string(key));
}

}  // namespace

TraceContext trace_of(const http::Request& request) {
    const std::size_t count = request.count("traceparent");
    if (count == 0) {
        return {};
    }
    const auto context = count > 1 ? std::nullopt : TraceContext::parse(request.find("traceparent"));
    return context ? *context : TraceContext::begin();
}

Result<json::Value> read_body(const CheckedRoute& route, const http::Request& request, json::Storage storage) {
    if (!route.body && !request.body.empty()) {
        return invalid_arguments("This call takes no body.");
    }
    if (!route.body) {
        return json::Value(json::Object());
    }
    TRY(json::Value body, json::parse(request.body, {}, std::move(storage)));
    if (!body.is_object()) {
        return invalid_arguments("The body must be a JSON object.");
    }
    return body;
}

Result<Call> read_call(const CheckedRoute& route, const http::Request& request, const identity::Principal& caller,
                       const json::Object& body, std::stop_token stop) {
    TRY(auto path, read_path(route.route.path, request.path));
    TRY(auto query, read_query(route, request.query));
    TRY(auto key, read_key(route, request));
    return Call{caller, request, std::move(path), std::move(query), body, std::move(key), std::move(stop)};
}

json::Object violations_of(const json::Schema& schema, const json::Value& body) {
    json::Array list;
    for (const json::Violation& violation : schema.violations(body, kMostViolations)) {
        list.push_back(json::Object{{"pointer", violation.pointer},
                                    {"message", violation.message},
                                    {"allowed", json::Array(violation.allowed.begin(), violation.allowed.end())}});
    }
    return {{"violations", std::move(list)}};
}

}  // namespace quell::api
