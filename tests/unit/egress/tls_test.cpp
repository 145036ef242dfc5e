// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>

#include "base/random.hpp"
#include "egress/http_client.hpp"
#include "egress/http_fixture.hpp"
#include "egress/loopback_server.hpp"
#include "egress/test_authority.hpp"

namespace quell::egress::test {

TestAuthority::TestAuthority()
    : directory_(std::filesystem::path(testing::TempDir()) / ("quell-" + uuid_v4())),
      key_(EVP_EC_gen("P-256")) {
    std::filesystem::create_directories(directory_);
    certificate_ = sign(key_.get(), "Test Authority " + uuid_v4(), "CA:TRUE", -3600, 3600);
    ca_file_ = write("ca.pem", certificate_.get(), nullptr);
}

TestAuthority::~TestAuthority() {
    std::filesystem::remove_all(directory_);
}

TestAuthority::Certificate TestAuthority::sign(EVP_PKEY* key, const std::string& name,
                                               const std::string& extension, long from, long to) {
    Certificate made(X509_new());
    X509* const x = made.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial_++);
    X509_gmtime_adj(X509_getm_notBefore(x), from);
    X509_gmtime_adj(X509_getm_notAfter(x), to);
    X509_set_pubkey(x, key);
    const auto* const text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, text, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(certificate_ ? certificate_.get() : x));
    const int id = certificate_ ? NID_subject_alt_name : NID_basic_constraints;
    X509_EXTENSION* const added = X509V3_EXT_conf_nid(nullptr, nullptr, id, extension.c_str());
    X509_add_ext(x, added, -1);
    X509_EXTENSION_free(added);
    X509_sign(x, key_.get(), EVP_sha256());
    return made;
}

std::string TestAuthority::write(const std::string& name, X509* certificate, EVP_PKEY* key) const {
    const std::string path = directory_ / name;
    std::FILE* const file = std::fopen(path.c_str(), "w");
    if (certificate != nullptr) {
        PEM_write_X509(file, certificate);
    }
    if (key != nullptr) {
        PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    }
    std::fclose(file);
    return path;
}

TlsIdentity TestAuthority::issue(const std::string& name, long from, long to) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = sign(key.get(), name, "DNS:" + name, from, to);
    const std::string prefix = std::to_string(serial_);
    return {.certificate_file = write(prefix + ".pem", certificate.get(), nullptr),
            .key_file = write(prefix + ".key", nullptr, key.get())};
}

namespace {

LoopbackServer::Handler ok() {
    return LoopbackServer::answering([](const auto&) { return reply(200, "ok"); });
}

HttpResult get(HttpClient& client, const std::string& name, int port, bool may_repeat = true) {
    return client.perform(request_for("GET", fmt::format("https://{}:{}/", name, port), may_repeat),
                          to_loopback(), {});
}

HttpClientOptions trusting(const TestAuthority& authority, std::initializer_list<std::string> names,
                           int port) {
    HttpClientOptions options{.ca_file = authority.ca_file()};
    for (const std::string& name : names) {
        options.resolve.push_back(fmt::format("{}:{}:127.0.0.1", name, port));
    }
    return options;
}

TEST(Tls, AcceptsAValidCertificate) {
    TestAuthority authority;
    LoopbackServer server(ok(), authority.issue("good.example"));
    RunningClient client(trusting(authority, {"good.example"}, server.port()));

    EXPECT_EQ(status_of(get(client, "good.example", server.port())), 200);
}

// PF-11
TEST(Tls, RefusesACertificateForAnotherName) {
    TestAuthority authority;
    LoopbackServer server(ok(), authority.issue("good.example"));
    RunningClient client(trusting(authority, {"other.example"}, server.port()));

    const HttpResult result = get(client, "other.example", server.port());

    EXPECT_EQ(code_of(result), Code::failed_precondition);
    EXPECT_FALSE(result.sent_to_provider);
}

// PF-11
TEST(Tls, RefusesACertificateOutsideItsTime) {
    TestAuthority authority;
    for (const auto& [from, to] : {std::pair(-7200L, -3600L), std::pair(3600L, 7200L)}) {
        LoopbackServer server(ok(), authority.issue("good.example", from, to));
        RunningClient client(trusting(authority, {"good.example"}, server.port()));

        const HttpResult result = get(client, "good.example", server.port());

        EXPECT_EQ(code_of(result), Code::failed_precondition);
        EXPECT_FALSE(result.sent_to_provider);
    }
}

TEST(Tls, RefusesACertificateOfAnUnknownAuthority) {
    TestAuthority authority;
    TestAuthority stranger;
    LoopbackServer server(ok(), stranger.issue("good.example"));
    RunningClient client(trusting(authority, {"good.example"}, server.port()));

    EXPECT_EQ(code_of(get(client, "good.example", server.port())), Code::failed_precondition);
}

TEST(Tls, NeverFallsBackToPlainText) {
    LoopbackServer server([](Connection& connection) { connection.send(reply(200, "plain")); });
    RunningClient client;

    const HttpResult result = get(client, "127.0.0.1", server.port());

    EXPECT_EQ(code_of(result), Code::unavailable);
    EXPECT_FALSE(result.sent_to_provider);
}

// Parsing the system's bundle costs 15 ms a time: a second connection must do without the file.
TEST(Tls, ReadsTheBundleOfAuthoritiesOnce) {
    TestAuthority authority;
    LoopbackServer server(ok(), authority.issue("good.example"));
    RunningClient client(trusting(authority, {"good.example"}, server.port()));
    ASSERT_EQ(status_of(get(client, "good.example", server.port(), false)), 200);

    std::filesystem::remove(authority.ca_file());

    EXPECT_EQ(status_of(get(client, "good.example", server.port(), false)), 200);
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace quell::egress::test
