// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

// The pages for people: rendered here, no script, every value escaped by the template engine, and the headers of
// OA-24 (http/page.hpp).
namespace quell::oauth {

struct LoginPage {
    // Sign-in at the provider of the person's tenant.
    struct Company {
        bool is_offered = false;
        bool must_be_named = false;
        std::string label{};
        std::string named{};
    };
    unsigned status = 200;
    std::string next;
    std::string csrf;
    std::string email;
    std::string problem;
    Company company;
    std::string form_action;
};

// One e-mail domain, several tenants.
struct CompanyChoicePage {
    struct Tenant {
        std::string id;
        std::string label;
    };
    std::string next;
    std::string csrf;
    std::string company;
    std::vector<Tenant> tenants{};
};

// On the way to a provider. Not a redirect: the policy for forms would forbid it, unless it named every tenant's
// provider to everybody.
struct LeavingPage {
    std::string label;
    std::string url;
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
http::Response render(const CompanyChoicePage& page);
http::Response render(const LeavingPage& page);
http::Response render(const ConsentPage& page);
http::Response render(const AccountPage& page);
// A page that says why nothing happened: errors that must not be redirected.
http::Response message_page(unsigned status, std::string_view title, std::string_view text);

http::Response style_sheet();

}  // namespace quell::oauth
