// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/housekeeping.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "store/clients.hpp"
#include "store/expiry.hpp"
#include "store/notifications.hpp"

namespace quell::app {
namespace {

constexpr std::chrono::minutes kEvery{1};
constexpr std::chrono::milliseconds kBetweenParts{100};
constexpr std::int64_t kPart = 1'000;
constexpr std::chrono::days kKeepNotices{30};  // what was delivered or given up; the audit trail keeps its own record

}  // namespace

void Housekeeping::remove_part() {
    // A full queue or a failed store is logged there; the next round tries again.
    static_cast<void>(store_.write_later([is_more = is_more_, work = work_, before = wall_now() - unused_()](
                                             store::Transaction& transaction) -> Result<void> {
        TRY(const std::int64_t removed, store::delete_expired(transaction, wall_now(), kPart));
        TRY(const std::int64_t clients, store::delete_unused_clients(transaction, before, kPart));
        TRY(const std::int64_t notices, store::delete_finished_notifications(transaction, wall_now() - kKeepNotices, kPart));
        std::int64_t most = std::max({removed, clients, notices});
        for (const Work& also : work) {
            TRY(const std::int64_t ended, also(transaction, kPart));
            most = std::max(most, ended);
        }
        is_more->store(most >= kPart);
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
