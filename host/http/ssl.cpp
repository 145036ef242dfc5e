// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// Boost.Asio's TLS code, compiled once (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/ssl/impl/src.hpp>
