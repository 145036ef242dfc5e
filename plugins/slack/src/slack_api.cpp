// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_api.hpp"

#include <quell/json.hpp>
#include <utility>

#include "slack_errors.hpp"

namespace slack {
namespace {

using quell::HttpRequest;
using quell::HttpResponse;
using quell::Result;

std::string path_of(std::string_view method) {
    return "/api/" + std::string(method);
}

// "a,b, c"
std::vector<std::string> split_scopes(std::string_view text) {
    std::vector<std::string> scopes;
    while (!text.empty()) {
        std::string_view scope = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), scope.size() + 1));
        while (scope.starts_with(' '))
            scope.remove_prefix(1);
        scopes.emplace_back(scope);
    }
    return scopes;
}

// HTTP 200 says nothing: `ok` does. PF-04: an answer without it is no success.
Result<Answer> read_answer(const HttpResponse& response) {
    if (response.status != 200)
        return http_refusal(response);
    auto document = quell::parse_document(response.body);
    const nlohmann::json* ok = document ? quell::find_member(*document, "ok") : nullptr;
    if (ok == nullptr || !ok->is_boolean())
        return quell::unavailable("Slack gave an answer that cannot be read.");
    if (!ok->get<bool>())
        return refusal(*document);
    const std::string* scopes = response.header("x-oauth-scopes");
    return Answer{*std::move(document), split_scopes(scopes ? *scopes : "")};
}

}  // namespace

Result<Answer> SlackApi::read(quell::Call& call, std::string_view method,
                              const quell::QueryParameters& query) const {
    HttpRequest request;
    request.url = quell::make_url(base_url_, path_of(method), query);
    request.idempotent = true;
    QUELL_TRY(const HttpResponse response, call.http().send(request));
    return read_answer(response);
}

Result<Answer> SlackApi::test_token(quell::Call& call, std::string_view auth) const {
    HttpRequest request;
    request.method = "POST";
    request.url = quell::make_url(base_url_, path_of("auth.test"));
    request.auth = std::string(auth);
    request.idempotent = true;
    QUELL_TRY(const HttpResponse response, call.http().send(request));
    return read_answer(response);
}

Result<Answer> SlackApi::act(quell::Call& call, std::string_view method, const nlohmann::json& body,
                             std::string_view auth) const {
    HttpRequest request;
    request.method = "POST";
    request.url = quell::make_url(base_url_, path_of(method));
    request.auth = std::string(auth);
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    request.body = quell::to_text(body);
    QUELL_TRY(const HttpResponse response, call.http().send(request));
    return read_answer(response);
}

}  // namespace slack
