// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/plugin.hpp>

// Says in its answers what it was asked; see people_test.cpp.
class PeopleProbe : public quell::ChallengeChannel,
                    public quell::InboundEvents,
                    public quell::NotificationChannel,
                    public quell::IdentityLookup {
  public:
    quell::Result<quell::SentChallenge> send(quell::Call& call,
                                             const quell::ChallengeMessage& challenge) override {
        if (call.is_read_only())
            return quell::internal_error("send must be able to act");
        return quell::SentChallenge{challenge.challenge_id + " " + challenge.requester.label + " " +
                                        challenge.context + (challenge.number_match ? " #" : "") +
                                        " " + quell::format_time(challenge.expires_at),
                                    challenge.target.email.value_or("none"), std::nullopt};
    }

    quell::Result<void> update(quell::Call&, const quell::EndedChallenge& challenge) override {
        if (challenge.state != quell::ChallengeEnd::incident_reported)
            return quell::not_found(challenge.message);
        return {};
    }

    quell::Result<void> cancel(quell::Call&, const quell::WithdrawnChallenge& challenge) override {
        return challenge.message == "gone" ? quell::Result<void>(quell::not_found("gone"))
                                           : quell::Result<void>();
    }

    quell::Result<quell::InboundReply> handle(quell::Call& call,
                                              const quell::InboundRequest& request) override {
        if (!call.is_read_only())
            return quell::internal_error("handle must be read-only");
        const std::string* header = request.header("X-Signature");
        quell::InboundReply reply;
        reply.response = {200, {{"Content-Type", "text/plain"}}, header ? *header : "none"};
        reply.events = {{"1", "U1", quell::ChallengeAnswered{request.body}},
                        {"2", "U2", quell::ChallengeRequested{{std::nullopt, "a@b"}, "why"}},
                        {"3", "U3", quell::ApprovalDecided{"appr_1"}}};
        return reply;
    }

    quell::Result<quell::SentNotification> notify(
        quell::Call&, const quell::Notification& notification) override {
        return quell::SentNotification{notification.channel + notification.title +
                                       notification.fields.at(0).value + notification.approval_id};
    }

    quell::Result<std::vector<quell::FoundUser>> find_user(quell::Call&,
                                                           const quell::Person& person) override {
        return std::vector<quell::FoundUser>{{"U1", person.email, std::nullopt, true}};
    }
};
