// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

// The pages for people: rendered here, no script, every value escaped by the template engine, and the headers of
// OA-24. `form_action` is what the page's form may lead to besides this host: browsers apply the policy to the
// redirects after a form as well.
namespace quell::oauth {

struct LoginPage {
    unsigned status = 200;
    std::string next;
    std::string csrf;
    std::string email;
    std::string problem;
    std::string form_action;
};

struct ConsentPage {
    struct Scope {
        std::string name;
        std::string meaning;
    };
    struct Tenant {
        std::string id;
        std::string role;
    };
    std::string client_name;
    std::string redirect_host;
    std::string user;
    std::vector<Scope> scopes;
    std::vector<Tenant> tenants;
    bool on_this_machine = false;
    bool is_new = false;       // Allow makes the client
    bool is_unchecked = false; // no administrator made it
    std::string described_at;  // the host of its metadata document; empty: it has none
    std::string request;
    std::string csrf;
    std::string form_action;
};

struct AccountPage {
    std::string user;
    std::string csrf;
};

http::Response render(const LoginPage& page);
http::Response render(const ConsentPage& page);
http::Response render(const AccountPage& page);
// A page that says why nothing happened: errors that must not be redirected.
http::Response message_page(unsigned status, std::string_view title, std::string_view text);

http::Response style_sheet();

}  // namespace quell::oauth
