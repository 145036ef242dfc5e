// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

#include "egress/loopback_server.hpp"

namespace quell::egress::test {

// A certificate authority for one test, in a directory of its own that goes with it.
class TestAuthority {
  public:
    TestAuthority();
    ~TestAuthority();
    TestAuthority(const TestAuthority&) = delete;
    TestAuthority& operator=(const TestAuthority&) = delete;

    const std::string& ca_file() const { return ca_file_; }
    // A server certificate for a DNS name, valid from and to these seconds from now.
    TlsIdentity issue(const std::string& name, long from = -3600, long to = 3600);

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
        void operator()(X509* certificate) const { X509_free(certificate); }
    };
    using Key = std::unique_ptr<EVP_PKEY, Free>;
    using Certificate = std::unique_ptr<X509, Free>;

    Certificate sign(EVP_PKEY* key, const std::string& name, const std::string& extension,
                     long from, long to);
    std::string write(const std::string& name, X509* certificate, EVP_PKEY* key) const;

    std::filesystem::path directory_;
    Key key_;
    Certificate certificate_;
    std::string ca_file_;
    long serial_ = 1;
};

}  // namespace quell::egress::test
