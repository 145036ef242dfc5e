// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/exit_code.hpp"

namespace quell::cli {

int exit_code_of(const Error& error) {
    if (error->key == "store_unavailable" || error->key == "audit_unavailable" || error->key == "audit_broken" ||
        error->code == Code::data_loss) {
        return kStore;
    }
    switch (error->code) {
        case Code::invalid_argument:
        case Code::failed_precondition:
        case Code::already_exists:
            return kUsageOrConfig;
        case Code::permission_denied:
            return kRefused;
        default:
            return kRemote;
    }
}

}  // namespace quell::cli
