// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/certificate.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace quell::http {

Result<WallTime> certificate_end(const std::string& file) {
    const auto close = [](BIO* bio) { BIO_free(bio); };
    const auto free = [](X509* certificate) { X509_free(certificate); };
    const std::unique_ptr<BIO, decltype(close)> bio(BIO_new_file(file.c_str(), "r"), close);
    const std::unique_ptr<X509, decltype(free)> certificate(
        bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr, free);
    std::tm end{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) {
        return Error(Code::failed_precondition, "bad_certificate", "There is no readable certificate in " + file + ".");
    }
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::seconds(timegm(&end))));
}

}  // namespace quell::http
