#include "signin/provisioning/photo.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "signin/provisioning/exchange_ask.hpp"
#include "signin/provisioning/settings.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin::provisioning {
namespace {

std::shared_ptr<const std::any> boxed(photo_seen seen) { return std::make_shared<const std::any>(std::move(seen)); }

net::awaitable<std::shared_ptr<const std::any>> ask_for_photo(mailbox_way way, std::string address) {
    photo_seen seen;
    if (!way.by->keeps_log_in(way.url)) {
        seen.why_not = "the connection on which the mailbox was asked is closed, and a photo is worth no other log-in";
        co_return boxed(std::move(seen));
    }
    auto body = sip::ews::photo_request(address);
    auto came = co_await ask_exchange(std::move(way), "photo", std::move(body), sip::ews::parse_photo, proof::ticket);
    seen.step = std::move(came.step);
    if (came.answer && came.answer->head.succeeded) {
        seen.bytes = came.answer->bytes;
        seen.type = came.answer->type;
    }
    co_return boxed(std::move(seen));
}

std::string address_of(const mailbox_seen& mailbox, const std::optional<sip::contact_card>& card) {
    const bool is_pointed_to = card && card->photo && card->photo->address.find('@') != std::string::npos;
    return is_pointed_to ? card->photo->address : mailbox.address;
}

}  // namespace

bool are_photos_off(const sip::provisioning& from) {
    constexpr std::array places{
        setting_place{"endpointConfiguration", "PhotoUsage"}, setting_place{"endpointConfiguration", "MaxPhotoSizeKB"}};
    return std::ranges::any_of(find_settings(from, places), [](const found_setting& one) {
        return sip::same_word(one.value, "NoPhoto") || sip::to_number<int>(sip::trim(one.value)).value_or(1) <= 0;
    });
}

wish look_for_photo(
    const mailbox_seen& mailbox, const sip::provisioning& configuration, const std::optional<sip::contact_card>& card) {
    constexpr int with_photos = 15;  // Exchange 2013
    photo_seen seen;
    seen.switched_off = are_photos_off(configuration);
    if (seen.switched_off) return known{boxed(std::move(seen))};
    if (!mailbox.way) return not_sent{};
    const auto* asked = mailbox.calendar ? &mailbox.calendar->head : nullptr;
    if (asked && asked->major != 0 && asked->major < with_photos) {
        seen.step = not_in_this_version("photo", mailbox.ews_url, mailbox.release);
        return known{boxed(std::move(seen))};
    }
    return look_for{
        [way = *mailbox.way, address = address_of(mailbox, card)](context&) { return ask_for_photo(way, address); }};
}

}  // namespace ucsignin::signin::provisioning
