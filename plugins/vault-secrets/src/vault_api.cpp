// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_api.hpp"

#include <quell/json.hpp>
#include <quell/rate_limit.hpp>
#include <quell/secret_value.hpp>
#include <utility>

#include "vault_documents.hpp"

namespace vault_secrets {
namespace {

using quell::HttpRequest;
using quell::HttpResponse;
using quell::Result;
using quell::Status;

// PROVIDERS.md 6: 307 and 472, 473, 501, 503 come from a node that does not serve; 5xx from one in trouble.
bool is_out_of_service(int status) {
    return status == 307 || status == 472 || status == 473 || status >= 500;
}

quell::Error status_error(int status) {
    return quell::http_error(status, "Vault answered with HTTP status " + std::to_string(status) + ".");
}

}  // namespace

Result<VaultAnswer> VaultApi::send(quell::Call& call, HttpRequest request) const {
    request.auth = auth_;
    request.headers.push_back({"Accept", "application/json"});
    request.headers.push_back({"X-Vault-Request", "true"});
    if (!namespace_.empty())
        request.headers.push_back({"X-Vault-Namespace", namespace_});
    auto response = call.http().send(request);
    const quell::SecretValue sent(std::move(request.body));
    if (!response)
        return diagnosis(call, response.error());
    if (is_out_of_service(response->status))
        return diagnosis(call, status_error(response->status));
    return VaultAnswer{response->status, take_document(std::move(response->body)),
                       quell::retry_after(*response)};
}

Result<VaultAnswer> VaultApi::get(quell::Call& call, const std::string& path,
                                  const quell::QueryParameters& query,
                                  std::optional<std::chrono::milliseconds> wrap_for) const {
    HttpRequest request;
    request.url = quell::make_url(base_url_, path, query);
    if (wrap_for)
        request.headers.push_back({"X-Vault-Wrap-TTL", std::to_string(wrap_for->count() / 1000) + "s"});
    return send(call, std::move(request));
}

Result<VaultAnswer> VaultApi::post(quell::Call& call, const std::string& path,
                                   const nlohmann::json& body) const {
    HttpRequest request;
    request.method = "POST";
    request.url = quell::make_url(base_url_, path);
    request.headers = {{"Content-Type", "application/json"}};
    request.body = quell::to_text(body);
    return send(call, std::move(request));
}

Result<BackendState> VaultApi::state(quell::Call& call) const {
    HttpRequest request;
    request.auth = "";
    request.url = quell::make_url(base_url_, "/v1/sys/health",
                                  {{"standbyok", "true"},
                                   {"perfstandbyok", "true"},
                                   {"sealedcode", "200"},
                                   {"uninitcode", "200"}});
    request.headers = {{"Accept", "application/json"}, {"X-Vault-Request", "true"}};
    QUELL_TRY(HttpResponse response, call.http().send(request));
    return read_state(response.status, take_document(std::move(response.body)));
}

// Why a node did not serve, asked of the node itself. What the host says (a refused login, a
// destination that is not allowed) stays as it is, unless the node's state explains it.
quell::Error VaultApi::diagnosis(quell::Call& call, const quell::Error& failure) const {
    if (failure.status == Status::cancelled || failure.status == Status::deadline_exceeded)
        return failure;
    const auto found = state(call);
    if (!found)
        return failure.http_status != 0 ? quell::unavailable("Vault cannot be reached: " + found.error().message)
                                        : failure;
    if (*found == BackendState::active)
        return failure;
    if (*found == BackendState::unknown && failure.http_status == 0)
        return failure;
    return quell::unavailable(explanation(*found));
}

quell::Error VaultApi::refusal(const VaultAnswer& answer, const std::string& what) {
    quell::Error error = status_error(answer.status);
    error.retry_after = answer.retry_after;
    switch (answer.status) {
        case 400:
            error.status = Status::invalid_argument;
            error.message = "Vault does not take the request to " + what + ".";
            break;
        case 401:
        case 403:
            error.status = Status::permission_denied;
            error.message = "Vault refuses to " + what +
                            ": the policy of the connector's role does not allow it, or its token is not valid.";
            break;
        case 404:
            error.message = "Vault has nothing there, or hides it: cannot " + what + ".";
            break;
        case 412:
            error.status = Status::unavailable;
            error.message = "This node of Vault has not caught up yet. Try again in a moment.";
            break;
        case 429:
            error.message = "Vault's rate limit quota is reached.";
            break;
        default:
            break;
    }
    return error;
}

}  // namespace vault_secrets
