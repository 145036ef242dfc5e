// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/page.hpp"

namespace quell::http {
namespace {

std::string policy(std::string_view form_action) {
    std::string out =
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
    if (!form_action.empty()) {
        out += ' ';
        out += form_action;
    }
    return out;
}

}  // namespace

Response page(unsigned status, std::string html, std::string_view form_action) {
    Response response;
    response.status = status;
    response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                        {"Content-Security-Policy", policy(form_action)},
                        {"X-Frame-Options", "DENY"},
                        {"Referrer-Policy", "no-referrer"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cache-Control", "no-store"}};
    response.body = std::move(html);
    return response;
}

}  // namespace quell::http
