// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/mail_sender.hpp"

#include "config/secret_ref.hpp"
#include "notifications/payload.hpp"

namespace quell::notifications {
namespace {

egress::MailServer::Security security_of(config::MailTls tls) {
    switch (tls) {
        case config::MailTls::starttls: return egress::MailServer::Security::starttls;
        case config::MailTls::tls: return egress::MailServer::Security::tls;
        case config::MailTls::none: return egress::MailServer::Security::none;
    }
    return egress::MailServer::Security::starttls;
}

Result<egress::MailServer> server_of(const config::SmtpSettings& smtp) {
    egress::MailServer server{.host = smtp.host, .port = smtp.port, .security = security_of(smtp.tls), .username = smtp.username};
    if (smtp.password) {
        TRY(server.password, config::read_secret(*smtp.password));
    }
    return server;
}

// RFC 5321 4.2.1: a 5yz says that the same mail will be refused again.
Delivery judged(const Result<int>& outcome) {
    if (!outcome) {
        return {Delivery::End::retry, outcome.error()->message};
    }
    if (*outcome < 400) {
        return {};
    }
    const auto end = *outcome >= 500 ? Delivery::End::give_up : Delivery::End::retry;
    return {end, "The mail server answered " + std::to_string(*outcome) + "."};
}

}  // namespace

std::string mail_text(const Message& message) {
    std::string text = message.text + (message.text.empty() ? "" : "\n\n");
    for (const auto& [name, value] : message.fields) {
        text += name + ": " + value + "\n";
    }
    if (!message.link.empty()) {
        text += "\n" + message.link + "\n";
    }
    return text;
}

Delivery MailSender::send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) {
    const auto tenant = settings.tenants.find(row.tenant);
    if (settings.smtp.host.empty() || tenant == settings.tenants.end() || !tenant->second.notifications.email.enabled) {
        return {Delivery::End::give_up, "E-mail is switched off."};
    }
    const auto server = server_of(settings.smtp);
    const auto message = from_payload(row.tenant, row.payload);
    if (!server || !message) {
        return {Delivery::End::retry, (server ? message.error() : server.error())->message};
    }
    const egress::Mail mail{.from = settings.smtp.from,
                            .to = row.destination,
                            .subject = "[Quell] " + message->title,
                            .text = mail_text(*message),
                            .id = row.id,
                            .at = now_()};
    return judged(egress::send_mail(*server, mail, stop));
}

}  // namespace quell::notifications
