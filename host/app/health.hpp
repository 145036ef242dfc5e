// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>

#include "http/router.hpp"
#include "store/store.hpp"

namespace quell::app {

// GET /healthz: the process answers. GET /readyz: 200 while calls are taken, else 503 with the reasons.
class Health {
  public:
    explicit Health(const store::Store& store) : store_(store) {}

    void add_routes(http::Router& router) const;
    void set_serving(bool serving) { serving_ = serving; }

  private:
    http::Response ready() const;

    const store::Store& store_;
    std::atomic<bool> serving_{false};
};

}  // namespace quell::app
