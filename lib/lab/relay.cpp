#include "lab/relay.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string_view>

namespace ucsignin::lab {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;
using bytes = std::vector<unsigned char>;

void put_attribute(bytes& into, unsigned char high, unsigned char low, std::string_view value, bool padded) {
    into.insert(into.end(), {high, low, 0, static_cast<unsigned char>(value.size())});
    into.insert(into.end(), value.begin(), value.end());
    while (padded && into.size() % 4 != 0) into.push_back(0);
}

// The header of an error answer to this request, and the attributes behind it.
bytes answer_to(std::span<const unsigned char> request, const bytes& attributes) {
    bytes out{
        0x01, 0x13, static_cast<unsigned char>(attributes.size() >> 8),
        static_cast<unsigned char>(attributes.size() & 0xff)};
    out.insert(out.end(), request.begin() + 4, request.begin() + 20);
    out.insert(out.end(), attributes.begin(), attributes.end());
    return out;
}

constexpr std::string_view unauthorized("\0\0\4\1Unauthorized", 16), realm = "av.example", nonce = "5f1c0b7e9a3d4c21";

// RFC 8656: REALM 0x0014, NONCE 0x0015, padded to four bytes.
bytes standard_answer(std::span<const unsigned char> request) {
    bytes attributes;
    put_attribute(attributes, 0x00, 0x09, unauthorized, true);
    put_attribute(attributes, 0x00, 0x14, realm, true);
    put_attribute(attributes, 0x00, 0x15, nonce, true);
    return answer_to(request, attributes);
}

// MS-TURN: the cookie first, Nonce 0x0014, Realm 0x0015, nothing padded, MS-Version at the end.
bytes microsoft_answer(std::span<const unsigned char> request) {
    bytes attributes{0x00, 0x0F, 0x00, 0x04, 0x72, 0xC6, 0x4B, 0xC6};
    put_attribute(attributes, 0x00, 0x09, unauthorized, false);
    put_attribute(attributes, 0x00, 0x14, nonce, false);
    put_attribute(attributes, 0x00, 0x15, realm, false);
    put_attribute(attributes, 0x80, 0x08, std::string_view("\0\0\0\2", 4), false);
    return answer_to(request, attributes);
}

net::result<udp::socket> bind_to(asio::io_context& context, const net::endpoint& at) {
    udp::socket socket(context);
    const udp::endpoint where(at.address, at.port);
    error_code failure;
    socket.open(where.protocol(), failure);
    if (!failure) socket.bind(where, failure);
    if (!failure) return socket;
    return std::unexpected(
        net::error{net::fault::other, "UDP on " + net::to_string(at) + ": " + failure.message(), failure.value()});
}

}  // namespace

std::vector<relay_place> list_relays(
    const scenario& what, const lab_hosts& hosts, const std::vector<net::ip_address>& all_addresses) {
    std::vector<relay_place> out;
    const auto add = [&](const net::ip_address& address, int port, relay_udp how) {
        const net::endpoint meant{address, static_cast<std::uint16_t>(port)};
        if (std::ranges::find(out, meant, &relay_place::meant) == out.end()) out.push_back({meant, how});
    };
    const auto& relays = what.pool.relays;
    for (std::size_t i = 0; i < relays.size() && i < hosts.relays.size(); ++i)
        for (const auto& address : hosts.relays[i]) add(address, relays[i].udp_port, relays[i].udp);
    for (const auto& address : all_addresses)
        for (const auto& relay : relays) add(address, relay.udp_port, relay_udp::refused);
    return out;
}

std::optional<bytes> answer_allocate(std::span<const unsigned char> in, relay_udp how) {
    constexpr std::array<unsigned char, 2> allocate{0x00, 0x03};
    constexpr std::array<unsigned char, 4> cookie{0x21, 0x12, 0xA4, 0x42};
    constexpr std::array<unsigned char, 8> first{0x00, 0x0F, 0x00, 0x04, 0x72, 0xC6, 0x4B, 0xC6};
    if (how == relay_udp::silent || how == relay_udp::refused) return std::nullopt;
    if (in.size() < 20 || !std::ranges::equal(in.first(2), allocate)) return std::nullopt;
    if (static_cast<std::size_t>(in[2] << 8 | in[3]) != in.size() - 20) return std::nullopt;
    std::optional<bytes> out;
    const bool standard = std::ranges::equal(in.subspan(4, 4), cookie);
    if (standard && how != relay_udp::microsoft) out = standard_answer(in);
    if (!standard && in.size() >= 28 && std::ranges::equal(in.subspan(20, 8), first)) out = microsoft_answer(in);
    if (out && how == relay_udp::strange) (*out)[19] ^= 0xff;  // of somebody else's transaction
    return out;
}

relay_server::relay_server(udp::socket socket, relay_place place, std::shared_ptr<journal> log)
    : socket_(std::move(socket)),
      place_(std::move(place)),
      log_(std::move(log)),
      local_{socket_.local_endpoint().address(), socket_.local_endpoint().port()},
      tasks_(socket_.get_executor()) {}

net::result<std::shared_ptr<relay_server>> relay_server::open(
    asio::io_context& context, net::endpoint at, relay_place place, std::shared_ptr<journal> log) {
    auto socket = bind_to(context, at);
    if (!socket) return std::unexpected(socket.error());
    // Connected to itself, it takes nobody's datagrams, and the system refuses them (ICMP).
    error_code ignored;
    if (place.how == relay_udp::refused) socket->connect(socket->local_endpoint(), ignored);
    return std::shared_ptr<relay_server>(new relay_server(std::move(*socket), std::move(place), std::move(log)));
}

void relay_server::run() { tasks_.start(serve(shared_from_this())); }

net::awaitable<void> relay_server::serve(std::shared_ptr<relay_server> self) {
    std::array<unsigned char, 2048> in{};
    for (;;) {
        udp::endpoint from;
        const auto [failure, size] = co_await self->socket_.async_receive_from(
            asio::buffer(in), from, asio::as_tuple(asio::use_awaitable));
        if (failure == asio::error::operation_aborted || failure == asio::error::bad_descriptor) co_return;
        if (failure) continue;  // an ICMP error that an earlier answer caused
        const auto answer = answer_allocate(std::span(in).first(size), self->place_.how);
        self->log_->say("UDP " + net::to_string(self->place_.meant) + (answer ? ": answered" : ": no answer"));
        error_code ignored;  // whoever asked may be gone
        if (answer) self->socket_.send_to(asio::buffer(*answer), from, 0, ignored);
    }
}

}  // namespace ucsignin::lab
