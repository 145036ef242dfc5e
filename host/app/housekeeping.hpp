// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/steady_timer.hpp>

#include "store/store.hpp"

namespace quell::app {

// Removes what has expired from the store (tokens, codes, logins), every ten minutes. Runs on one io_context; start()
// before its threads run, stop() after they ended.
class Housekeeping {
  public:
    Housekeeping(store::Store& store, boost::asio::io_context& context) : store_(store), timer_(context) {}
    void start();

  private:
    store::Store& store_;
    boost::asio::steady_timer timer_;
};

}  // namespace quell::app
