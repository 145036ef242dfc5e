// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "http/cookies.hpp"

namespace quell::oauth {

using http::Cookies;

}  // namespace quell::oauth
