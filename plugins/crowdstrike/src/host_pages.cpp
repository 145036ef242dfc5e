// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "host_pages.hpp"

#include <algorithm>

namespace crowdstrike {
namespace {

constexpr std::size_t kMostHosts = 200;
constexpr std::size_t kPage = 100;

quell::Error too_many() {
    return quell::invalid_argument("More than " + std::to_string(kMostHosts) +
                                   " hosts match. Use the serial number or the provider's id.");
}

// A page that ends early must not pass for the whole: the target set would shrink unseen.
quell::Error incomplete() {
    return quell::unavailable("CrowdStrike listed fewer hosts than it counted.");
}

bool is_last(const HostIds& page, std::size_t received) {
    if (!page.total)
        return page.ids.size() < kPage;
    return static_cast<std::int64_t>(received) >= *page.total;
}

// The answers may overlap if hosts come or go meanwhile. False if the page brought nothing new.
bool add_new(std::vector<std::string>& ids, const std::vector<std::string>& page) {
    const std::size_t before = ids.size();
    for (const std::string& id : page) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.push_back(id);
    }
    return ids.size() > before;
}

}  // namespace

quell::Result<std::vector<std::string>> query_all_hosts(const FalconApi& api, quell::Call& call,
                                                        const std::string& filter) {
    std::vector<std::string> ids;
    std::size_t received = 0;
    for (;;) {
        QUELL_TRY(const HostIds page, api.query_hosts(call, filter, received, kPage));
        received += page.ids.size();
        if (received > kMostHosts || page.total > static_cast<std::int64_t>(kMostHosts))
            return too_many();
        const bool grew = add_new(ids, page.ids);
        if (is_last(page, received))
            break;
        if (!grew)
            return incomplete();
    }
    // Counted twice in overlapping pages, so that another one was missed.
    if (ids.size() < received)
        return incomplete();
    return ids;
}

}  // namespace crowdstrike
