// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/content_results.hpp"

#include "json/error_document.hpp"
#include "json/serialize.hpp"
#include "json/slice.hpp"

namespace quell::mcp {
namespace {

constexpr std::string_view kServerInfo = R"("io.modelcontextprotocol/serverInfo":)";

bool is_empty_object(std::string_view object) { return object.find('"') == std::string_view::npos; }

}  // namespace

// The added members come first, since a member's place means nothing and the document's end need not be looked for.
std::string complete_result(Era era, std::string_view document, std::string_view server_info, std::string_view more) {
    if (era == Era::sessions) {
        return std::string(document);
    }
    std::string out = R"({"resultType":"complete")";
    out += more;
    const auto meta = json::member_text(document, "_meta");
    if (!meta) {
        out += R"(,"_meta":{)" + std::string(kServerInfo) + std::string(server_info) + "}";
    }
    out += is_empty_object(document) ? "" : ",";
    const auto begin = document.find('{') + 1;
    if (!meta) {
        return out += document.substr(begin);
    }
    // RFC 8259: the document is an object, so `meta` points into it.
    const auto at = static_cast<std::size_t>(meta->data() - document.data());
    out += document.substr(begin, at + 1 - begin);
    out += std::string(kServerInfo) + std::string(server_info);
    out += is_empty_object(*meta) ? "" : ",";
    return out += document.substr(at + 1);
}

std::string error_tool_result(const Error& error) {
    std::string out = R"({"content":[{"type":"text","text":)";
    json::append_quoted(out, json::serialize(json::error_document(error)));
    return out += R"(}],"isError":true})";
}

std::string error_object(const plugins::ContentReply& reply) {
    return R"({"code":)" + std::to_string(reply.error_code) + R"(,"message":)" +
           json::serialize(json::Value(reply.error_message)) + (reply.text.empty() ? "" : R"(,"data":)" + reply.text) + "}";
}

}  // namespace quell::mcp
