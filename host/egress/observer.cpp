// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/observer.hpp"

namespace quell::egress {

std::string_view to_string(RequestKind kind) {
    switch (kind) {
        case RequestKind::reading:
            return "reading";
        case RequestKind::acting:
            return "acting";
        case RequestKind::token:
            return "token";
    }
    return "reading";
}

}  // namespace quell::egress
