// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The sealed text: nonce (16 bytes, hexadecimal), "|", end of validity in Unix milliseconds, "|", the plugin's state.

#include "mcp/request_state.hpp"

#include <charconv>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"

namespace quell::mcp {
namespace {

constexpr std::chrono::minutes kValidFor{10};
constexpr std::size_t kNonceLength = 36;  // a UUID
constexpr std::size_t kMostUsed = 100'000;
constexpr std::size_t kMostSealed = 128 * 1024;

Error refused() {
    return {Code::invalid_argument, "invalid_arguments",
            "`requestState` is not what this request was given, is too old, or was used before. Begin again without it."};
}

// All that the state is good for; a digest, since the parts may hold any character.
std::string purpose(const RequestStates::Binding& binding) {
    std::string text;
    for (const std::string_view part : {std::string_view(binding.caller.tenant.str()), std::string_view(binding.caller.id),
                                        std::string_view(binding.caller.client.str()), binding.method, binding.name,
                                        std::string_view(binding.arguments)}) {
        text += std::to_string(part.size()) + ":";
        text += part;
    }
    return "mcp request state " + crypto::sha256_hex(text);
}

}  // namespace

std::string RequestStates::seal(std::string_view state, const Binding& binding, WallTime now) const {
    std::string plain = uuid_v4() + "|" + std::to_string(unix_millis(now + kValidFor)) + "|";
    plain += state;
    return key_.seal(plain, purpose(binding));
}

Result<std::string> RequestStates::open(std::string_view sealed, const Binding& binding, WallTime now) {
    const auto opened = sealed.size() > kMostSealed ? Result<SecretString>(refused()) : key_.open(sealed, purpose(binding));
    if (!opened) {
        return refused();
    }
    const std::string_view plain = opened->reveal();
    const std::string_view nonce = plain.substr(0, kNonceLength);
    const auto end = plain.find('|', kNonceLength + 1);
    std::int64_t expires = 0;
    std::from_chars(plain.data() + kNonceLength + 1, plain.data() + end, expires);
    const WallTime expires_at = from_unix_millis(expires);
    if (expires_at <= now) {
        return refused();
    }
    if (binding.once) {
        TRY_VOID(use_up(nonce, expires_at, now));
    }
    return std::string(plain.substr(end + 1));
}

Result<void> RequestStates::use_up(std::string_view nonce, WallTime expires_at, WallTime now) {
    const std::lock_guard lock(mutex_);
    if (used_.size() >= kMostUsed) {
        std::erase_if(used_, [now](const auto& entry) { return entry.second <= now; });
    }
    // Full of what is still valid: nothing is taken, rather than something twice.
    if (used_.size() >= kMostUsed || !used_.emplace(nonce, expires_at).second) {
        return refused();
    }
    return {};
}

}  // namespace quell::mcp
