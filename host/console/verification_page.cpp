// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/verification_page.hpp"

#include "console/frame.hpp"

namespace quell::embedded {

extern const std::string_view console_leaving;
extern const std::string_view console_verification;

}  // namespace quell::embedded

namespace quell::console {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

void set_text(data& values, const std::string& name, const std::string& text) {
    values.set("has_" + name, !text.empty());
    values.set(name, text);
}

}  // namespace

http::Response render(const VerificationPage& page) {
    data values;
    values.set("title", "Is it you?");
    values.set("action", page.action);
    values.set("csrf", page.csrf);
    values.set("tenant", page.tenant);
    values.set("asked_by", page.asked_by);
    values.set("target", page.target);
    values.set("expires_at", page.expires_at);
    values.set("has_words", !page.requester.empty() || !page.context.empty());
    set_text(values, "requester", page.requester);
    set_text(values, "context", page.context);
    set_text(values, "provider", page.provider);
    set_text(values, "problem", page.problem);
    data support(data::type::list);
    for (const std::string& line : page.support) {
        support << data(line);
    }
    values.set("has_support", !page.support.empty());
    values.set("support", support);
    return in_frame(page.status, embedded::console_verification, std::move(values));
}

http::Response leaving_page(const std::string& label, const std::string& url) {
    data values;
    values.set("title", "Sign in");
    values.set("label", label);
    values.set("url", url);
    values.set("refresh", url);
    return in_frame(200, embedded::console_leaving, std::move(values));
}

}  // namespace quell::console
