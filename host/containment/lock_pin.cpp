// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/lock_pin.hpp"

#include <array>

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/random.hpp"

namespace quell::containment {
namespace {

std::string associated(const PinPlace& place) {
    return "lock-pin\n" + place.tenant.str() + "\n" + place.request.str() + "\n" + place.device;
}

char random_digit() {
    std::array<std::uint8_t, 1> byte{};
    do {
        fill_random(byte);
    } while (byte[0] >= 250);  // 250 is a multiple of ten: every digit is as likely
    return static_cast<char>('0' + byte[0] % 10);
}

// A plugin says so of a device that takes no PIN, such as an iPad.
bool was_locked_without(const orders::Target& target) {
    const json::Value* const set = target.result_metadata.if_contains("lock_pin_set");
    return set != nullptr && set->is_bool() && !set->get_bool();
}

bool may_be_in_use(const orders::Target& target) {
    return target.sealed_pin && !was_locked_without(target) && (target.state != orders::State::failed || target.sent_at);
}

}  // namespace

SecretString make_pin(int digits) {
    std::string pin;
    pin.reserve(static_cast<std::size_t>(digits));
    for (int i = 0; i < digits; ++i) {
        pin += random_digit();
    }
    return SecretString(std::move(pin));
}

std::string seal_pin(const crypto::SealingKey& key, const PinPlace& place, const SecretString& pin) {
    return key.seal(pin.reveal(), associated(place));
}

Result<SecretString> open_pin(const crypto::SealingKey& key, const PinPlace& place, const std::string& sealed) {
    return key.open(sealed, associated(place));
}

std::string pin_reference(const PinPlace& place) {
    return "vsecure://lock-pins/" + place.request.str() + "/" + percent_encode(place.device);
}

void show_pins(const crypto::SealingKey& key, bool reveal, orders::Order& order) {
    for (orders::Integration& part : order.integrations) {
        for (orders::Target& target : part.targets) {
            if (!may_be_in_use(target)) {
                continue;
            }
            const PinPlace place{order.tenant, target.joined_to.value_or(order.id), target.provider_id};
            target.result_metadata.insert_or_assign("lock_pin_ref", pin_reference(place));
            if (!reveal) {
                continue;
            }
            if (const auto pin = open_pin(key, place, *target.sealed_pin)) {
                target.result_metadata.insert_or_assign("lock_pin", pin->reveal());
            } else {
                log::error("lock_pin_unreadable", {{"request_id", order.id.str()}});
            }
        }
    }
}

}  // namespace quell::containment
