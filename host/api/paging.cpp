// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/paging.hpp"

#include "base/encoding.hpp"
#include "json/serialize.hpp"
#include "json/writer.hpp"

namespace quell::api {
namespace {

constexpr std::size_t kLongestCursor = 256;

Error unknown_cursor() {
    return invalid_arguments("`cursor` is none that this server gave; leave it out to begin anew.");
}

}  // namespace

std::vector<QueryParameter> page_parameters() {
    return {{"cursor", "The `cursor` of the page before; leave it out for the first page.", R"({"type": "string"})"},
            {"limit", "How many entries at most.", R"({"type": "integer", "minimum": 1, "maximum": 100, "default": 50})"}};
}

Result<Page> read_page(const Call& call) {
    Page page;
    if (const json::Value* limit = call.query.if_contains("limit")) {
        page.limit = limit->as_int64();
    }
    if (const json::Value* cursor = call.query.if_contains("cursor")) {
        const auto after = from_base64url(json::text(*cursor));
        if (!after || after->empty() || after->size() > kLongestCursor || !is_utf8(*after)) {
            return unknown_cursor();
        }
        page.after = *after;
    }
    return page;
}

std::string page_document(std::span<const std::string_view> documents, const Page& page,
                          const std::function<std::string(std::string_view document)>& id_of) {
    const bool has_more = std::cmp_greater(documents.size(), page.limit);
    const auto shown = has_more ? documents.first(static_cast<std::size_t>(page.limit)) : documents;
    std::string out = R"({"data":[)";
    for (const std::string_view document : shown) {
        out += out.back() == '[' ? "" : ",";
        out += document;
    }
    const std::string cursor = has_more ? '"' + to_base64url(id_of(shown.back())) + '"' : "null";
    return out + R"(],"pagination":{"cursor":)" + cursor + R"(,"hasMore":)" + (has_more ? "true" : "false") + "}}";
}

}  // namespace quell::api
