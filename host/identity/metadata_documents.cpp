// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/metadata_documents.hpp"

#include <algorithm>

#include "egress/freshness.hpp"
#include "identity/metadata_document.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMostRemembered = 256;
constexpr std::chrono::hours kLongest{24};
constexpr std::chrono::minutes kUnsaid{5};

Error refusal(std::string_view why) {
    return {Code::invalid_argument, "invalid_client", "The client's metadata document " + std::string(why) + "."};
}

// What the network said stays here, but for the reason: a stranger's address is not to learn about our network.
Error not_fetched(const Error& error) {
    if (error->key == "rate_limited") {
        return error;
    }
    const bool too_large = error->code == Code::data_loss;
    const std::string_view why = too_large ? "is larger than 5 KiB or cut short" : "cannot be fetched";
    return refusal(why).detail(error->message + " " + error->detail);
}

// "application/json" and "application/...+json" (RFC 6839 3.1), whatever the parameters.
bool is_json(const egress::HttpResponse& response) {
    const auto header = std::ranges::find(response.headers, "content-type", &egress::Header::name);
    if (header == response.headers.end()) {
        return false;
    }
    std::string type = header->value.substr(0, header->value.find(';'));
    type.erase(std::min(type.find_last_not_of(" \t") + 1, type.size()));
    std::ranges::transform(type, type.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

Result<void> check_answer(const egress::HttpResponse& response) {
    if (response.status != 200) {
        return refusal("answers " + std::to_string(response.status) + " and not 200");
    }
    return is_json(response) ? Result<void>() : refusal("is not of type application/json");
}

}  // namespace

base::Task<Client> MetadataDocuments::find(std::string client_id, config::MetadataDocumentSettings rules) {
    CO_TRY(egress::Url url, metadata_document_url(client_id, rules));
    if (auto known = recall(client_id)) {
        co_return *std::move(known);
    }
    const auto response = co_await fetch_(std::move(url), rules.allow_insecure_loopback);
    if (!response) {
        co_return not_fetched(response.error());
    }
    CO_TRY_VOID(check_answer(*response));
    CO_TRY(Client client, read_metadata_document(client_id, response->body, now_()));
    remember(client, *response);
    co_return client;
}

std::optional<Client> MetadataDocuments::recall(const std::string& client_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = remembered_.find(client_id);
    const bool fresh = found != remembered_.end() && found->second.fresh_until > now_();
    return fresh ? std::optional(found->second.client) : std::nullopt;
}

void MetadataDocuments::remember(const Client& client, const egress::HttpResponse& response) {
    const std::chrono::seconds life =
        std::min<std::chrono::seconds>(egress::freshness(response, now_()).value_or(kUnsaid), kLongest);
    const std::lock_guard lock(mutex_);
    if (remembered_.size() >= kMostRemembered) {
        remembered_.clear();
    }
    remembered_.insert_or_assign(client.id.str(), Remembered{client, now_() + life});
}

}  // namespace quell::identity
