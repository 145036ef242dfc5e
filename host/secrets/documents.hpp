// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "json/value.hpp"
#include "secrets/service.hpp"

// What doors answer, in the model product's words.
namespace quell::secrets {

// A01: uri, name, description, type, permissions, requiresApproval; for a stored secret also version, createdAt, updatedAt,
// accessCount. Never a value.
json::Object to_document(const Resource& resource);
json::Array list_document(const std::vector<Resource>& resources);

// A02 without its value: uri, name, type, metadata{environment, service}, version, accessedAt, accessCount, approvalId,
// expiresAt. The value is added where it is written out.
json::Object metadata_document(const Reading& reading);
// The same with the value as JSON text: for an answer to the holder of the grant, and for nothing else.
SecretString value_document(const Reading& reading);

// L25: [{"resource": ..., "count": ...}], with the word that it was grouped by.
json::Array group_document(const std::vector<Group>& groups, std::string_view by);

}  // namespace quell::secrets
