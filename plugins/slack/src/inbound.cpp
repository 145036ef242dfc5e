// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "inbound.hpp"

#include <quell/json.hpp>

#include "form.hpp"
#include "interaction.hpp"
#include "signature.hpp"
#include "slash_command.hpp"

namespace slack {
namespace {

using quell::InboundReply;
using quell::InboundRequest;

bool is_json(const InboundRequest& request) {
    const std::string* type = request.header("Content-Type");
    return type != nullptr && quell::lower_case(*type).starts_with("application/json");
}

// The Events API asks once whether the address is ours; no other event of it is wanted.
InboundReply answer_event(const std::string& body) {
    const auto document = quell::parse_document(body);
    if (!document || quell::string_member(*document, "type") != "url_verification")
        return {};
    const nlohmann::json answer = {{"challenge", quell::string_member(*document, "challenge").value_or("")}};
    return {{200, {{"Content-Type", "application/json"}}, quell::to_text(answer)}, {}};
}

}  // namespace

InboundReply Inbound::handle(quell::Call& call, const InboundRequest& request) const {
    if (request.method != "POST")
        return {{405, {}, "Slack sends POST."}, {}};
    const auto signature = check_signature(request, signing_secret_);
    if (!signature) {
        call.log().warn("a request was not signed by Slack", {{"reason", signature.error().message}});
        return {{401, {}, "The request's signature is not valid."}, {}};
    }
    return is_json(request) ? answer_event(request.body) : handle_form(request, *signature);
}

InboundReply Inbound::handle_form(const InboundRequest& request, const std::string& event_id) const {
    const auto form = parse_form(request.body);
    if (!form)
        return {{400, {}, "The form cannot be read."}, {}};
    if (form->contains("payload"))
        return read_interaction(field(*form, "payload"), event_id, team_id_);
    return form->contains("command") ? read_slash_command(*form, event_id, team_id_) : InboundReply{};
}

}  // namespace slack
