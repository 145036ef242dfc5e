// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/host_check.hpp"

#include <fmt/format.h>

#include "json/parse.hpp"

namespace quell::cli {
namespace {

constexpr std::string_view kListTools =
    R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)"
    R"("io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}})";

Error refused(const std::string& message) {
    return Error(Code::permission_denied, "permission_denied", message)
        .next_step("Ask an administrator for a new key (quell key create), or whether this address may use it.");
}

Error unreachable(const std::string& message) {
    return Error(Code::unavailable, "connector_unavailable", message)
        .next_step("Check --url, the network, proxies and the host's certificate.");
}

Result<json::Value> read_tools(std::string_view line) {
    const auto document = json::parse(line, {.bytes = std::size_t{16} << 20, .depth = 64, .values = 1'000'000});
    const json::Object* answer = document ? document->if_object() : nullptr;
    if (const json::Value* error = answer == nullptr ? nullptr : answer->if_contains("error")) {
        const json::Object& members = error->as_object();
        const std::string message(json::text(members.at("message")));
        return members.at("code") == 401 ? Result<json::Value>(refused(message)) : unreachable(message);
    }
    const json::Value* result = answer == nullptr ? nullptr : answer->if_contains("result");
    const json::Value* tools =
        result == nullptr || !result->is_object() ? nullptr : result->get_object().if_contains("tools");
    if (tools == nullptr || !tools->is_array()) {
        return unreachable("This address answers, but not as a Quell host.");
    }
    json::Array names;
    for (const json::Value& tool : tools->get_array()) {
        names.push_back(tool.as_object().at("name"));
    }
    return names;
}

}  // namespace

Result<json::Value> check_host(const BridgeOptions& options) {
    std::string answer;
    {
        Bridge bridge(options, [&answer](std::string_view line) { answer = line; }, [](std::string_view) {});
        bridge.take(kListTools);
        bridge.finish(std::chrono::seconds(30));
    }
    if (answer.empty()) {
        return unreachable(fmt::format("{} did not answer in time.", options.url.host()));
    }
    TRY(json::Value tools, read_tools(answer));
    return json::Object{{"ok", true}, {"host", options.url.host_and_port()}, {"tools", std::move(tools)}};
}

}  // namespace quell::cli
