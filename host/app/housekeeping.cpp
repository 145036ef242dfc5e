// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/housekeeping.hpp"

#include "base/clock.hpp"
#include "store/clients.hpp"
#include "store/expiry.hpp"

namespace quell::app {
namespace {

constexpr std::chrono::minutes kEvery{10};
constexpr std::chrono::milliseconds kBetweenParts{100};
constexpr std::int64_t kPart = 1'000;

}  // namespace

void Housekeeping::remove_part() {
    // A full queue or a failed store is logged there; the next round tries again.
    static_cast<void>(store_.write_later([is_more = is_more_, before = wall_now() - unused_()](
                                             store::Transaction& transaction) -> Result<void> {
        TRY(const std::int64_t removed, store::delete_expired(transaction, wall_now(), kPart));
        TRY(const std::int64_t clients, store::delete_unused_clients(transaction, before, kPart));
        is_more->store(removed >= kPart || clients >= kPart);
        return {};
    }));
    after(kBetweenParts, [this] {
        if (is_more_->exchange(false)) {
            remove_part();
        } else {
            after(kEvery, [this] { remove_part(); });
        }
    });
}

void Housekeeping::after(std::chrono::milliseconds time, std::function<void()> next) {
    timer_.expires_after(time);
    timer_.async_wait([next = std::move(next)](boost::system::error_code failure) {
        if (!failure) {
            next();
        }
    });
}

}  // namespace quell::app
