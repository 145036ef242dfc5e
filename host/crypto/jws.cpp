// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/jws.hpp"

#include <array>

#include "base/encoding.hpp"
#include "json/parse.hpp"

namespace quell::crypto {
namespace {

constexpr std::size_t kMostBytes = 16 * 1024;

Error malformed() {
    return invalid_arguments("This is no signed text in the compact form.");
}

// header.payload.signature
std::optional<std::array<std::string_view, 3>> split(std::string_view compact) {
    const std::size_t first = compact.find('.');
    const std::size_t second = first == std::string_view::npos ? first : compact.find('.', first + 1);
    if (second == std::string_view::npos || compact.find('.', second + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    return std::array{compact.substr(0, first), compact.substr(first + 1, second - first - 1),
                      compact.substr(second + 1)};
}

}  // namespace

Result<Jws> Jws::parse(std::string_view compact) {
    const auto parts = compact.size() <= kMostBytes ? split(compact) : std::nullopt;
    if (!parts) {
        return malformed();
    }
    const auto header_text = from_base64url((*parts)[0]);
    auto payload = from_base64url((*parts)[1]);
    auto signature = from_base64url((*parts)[2]);
    if (!header_text || !payload || !signature) {
        return malformed();
    }
    TRY(const json::Value header, json::parse(*header_text, {.bytes = kMostBytes, .depth = 8, .values = 200}));
    const json::Object* members = header.if_object();
    const json::Value* algorithm = members == nullptr ? nullptr : members->if_contains("alg");
    // RFC 7515 4.1.11
    if (algorithm == nullptr || !algorithm->is_string() || members->contains("crit")) {
        return malformed();
    }
    Jws jws;
    jws.algorithm_ = json::text(*algorithm);
    const json::Value* key_id = members->if_contains("kid");
    jws.key_id_ = key_id == nullptr ? std::string_view() : json::text(*key_id);
    jws.signed_text_ = compact.substr(0, compact.rfind('.'));
    jws.payload_ = *std::move(payload);
    jws.signature_ = *std::move(signature);
    return jws;
}

}  // namespace quell::crypto
