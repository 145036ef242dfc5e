// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>
#include <quell/url.hpp>
#include <set>
#include <string>
#include <vector>

#include "falcon_cloud.hpp"
#include "falcon_documents.hpp"

namespace crowdstrike {

// The five requests that the plugin makes. Waits out rate limits within the call's deadline. Holds
// no state but the cloud: safe on any thread.
class FalconApi {
  public:
    explicit FalconApi(FalconCloud cloud) : cloud_(std::move(cloud)) {}

    // One page of the ids of the hosts that match an FQL filter: see query_all_hosts.
    quell::Result<HostIds> query_hosts(quell::Call& call, const std::string& filter,
                                       std::size_t offset, std::size_t limit) const;

    // The records of those ids that exist.
    quell::Result<std::vector<quell::Device>> hosts(quell::Call& call,
                                                    const std::vector<std::string>& ids) const;

    // Those of the hosts that are offline.
    quell::Result<std::set<std::string>> offline_hosts(quell::Call& call,
                                                       const std::vector<std::string>& ids) const;

    // Contains the hosts or lifts their containment. Any HTTP status is a value.
    quell::Result<quell::HttpResponse> act(quell::Call& call, quell::Action action,
                                           const std::vector<std::string>& ids) const;

    // The cheapest request that needs "Hosts: Read". Any HTTP status is a value.
    quell::Result<quell::HttpResponse> probe(quell::Call& call) const;

    // What an answer other than success means.
    static quell::Error refusal(const quell::HttpResponse& response);
    // The same for one host of a batch, told inside a success.
    static quell::Error refusal(const FalconError& error);

  private:
    quell::Result<quell::HttpResponse> get_hosts(quell::Call& call,
                                                 const quell::QueryParameters& query) const;
    quell::Result<quell::HttpResponse> post(quell::Call& call, const std::string& url,
                                            const std::vector<std::string>& ids,
                                            bool read_only) const;

    FalconCloud cloud_;
};

}  // namespace crowdstrike
