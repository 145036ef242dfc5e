// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "http/form.hpp"

namespace quell::oauth {

using http::Form;

}  // namespace quell::oauth
