// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/consent_page.hpp"

#include <algorithm>
#include <array>

#include "oauth/pages.hpp"

namespace quell::oauth {
namespace {

// What any of the tenants would give; the chosen one's role may narrow it (OA-11).
std::vector<ConsentPage::Scope> shown_scopes(const std::vector<Choice>& choices) {
    std::vector<ConsentPage::Scope> shown;
    for (const identity::Scope scope : identity::kAllScopes) {
        const bool given = std::any_of(choices.begin(), choices.end(),
                                       [&](const Choice& choice) { return choice.scopes.has(scope); });
        if (given) {
            shown.push_back({std::string(identity::to_string(scope)), meaning(scope)});
        }
    }
    return shown;
}

std::vector<ConsentPage::Tenant> shown_tenants(const std::vector<Choice>& choices) {
    std::vector<ConsentPage::Tenant> shown;
    for (const Choice& choice : choices) {
        shown.push_back({choice.tenant.str(), std::string(identity::to_string(choice.role))});
    }
    return shown;
}

// Who vouches for a client with a metadata document: the host that the document is at.
std::string document_host(const identity::Client& client) {
    if (client.kind != identity::ClientKind::metadata) {
        return {};
    }
    const std::string_view id = client.id.str();
    const std::size_t begin = id.find("://") + 3;
    return std::string(id.substr(begin, id.find_first_of("/?", begin) - begin));
}

}  // namespace

std::string meaning(identity::Scope scope) {
    static constexpr std::array<std::string_view, identity::kAllScopes.size()> kMeanings = {
        "Challenge people to confirm who they are",
        "Read the state of challenges",
        "End people's sessions at the connected identity providers",
        "Lock, isolate and release devices",
        "See which secrets there are, without their values, and what was asked for",
        "Ask for guarded secrets, and read those that were approved",
        "Approve or deny in your name what others ask for",
        "Read secrets that need no approval or were approved",
        "Change, rotate and make secrets",
        "Delete secrets",
        "Read who used which secret",
        "Export who used which secret",
        "Change the rules for secrets, if you are an administrator"};
    return std::string(kMeanings[static_cast<std::size_t>(scope)]);
}

std::string consent_subject(std::string_view request) {
    return "consent\n" + std::string(request);
}

http::Response consent_page(const Authorization& authorization, const identity::Login& login,
                            const std::vector<Choice>& choices, std::string_view request) {
    ConsentPage page;
    page.client_name = authorization.client->name;
    page.redirect_host = authorization.redirect_uri->host();
    page.user = login.user.email;
    page.scopes = shown_scopes(choices);
    page.tenants = shown_tenants(choices);
    page.on_this_machine = authorization.redirect_uri->leads_to_this_machine();
    page.is_new = authorization.is_new_client;
    page.is_unchecked = !page.is_new && authorization.client->kind != identity::ClientKind::static_client;
    page.described_at = document_host(*authorization.client);
    page.request = request;
    page.csrf = login.csrf_token(consent_subject(request));
    page.form_action = authorization.redirect_uri->form_action_source();
    return render(page);
}

}  // namespace quell::oauth
