#include "net/dns_exchange.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <cstring>
#include <map>
#include <variant>

#include "ares_platform.hpp"
#include "net/deadline.hpp"

namespace ucsignin::net {
namespace {

using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr int sends = 3;  // c-ares waits t, 2t, 4t
constexpr int waits = 1 + 2 + 4;
constexpr milliseconds shortest_wait{50}, longest_wait{1000};
constexpr int payload_size = 1232;  // as in the OPT record of the query
// c-ares reads datagrams for as long as there are any: a server that sends faster than we read would keep the loop for
// itself. So a few at a time; and after so many that answer nothing, no more are waited for.
constexpr int datagrams_at_a_time = 16, most_datagrams = 256;

// Reference-counted by c-ares, and needed on Windows only.
void start_library() {
    static const int status = ares_library_init(ARES_LIB_INIT_ALL);
    static_cast<void>(status);  // a failure shows again at ares_init
}

milliseconds first_wait(deadline until) {
    auto const left = std::chrono::duration_cast<milliseconds>(until - clock::now());
    return std::clamp(left / waits, shortest_wait, longest_wait);
}

// A channel of c-ares for one query, on sockets that Asio owns: so the errors that c-ares folds into one are seen, and
// nothing but portable Asio calls is needed. c-ares matches ids and questions, times and repeats.
//
//   start -> ares_send -> on_socket, on_connect, on_send ... on_readable -> on_receive -> on_answer -> done
class exchange : public std::enable_shared_from_this<exchange> {
public:
    exchange(asio::any_io_executor executor, endpoint server, dns_transport over)
        : done(executor), executor_(executor), server_(std::move(server)), over_(over), timer_(executor) {}
    ~exchange() {
        if (channel_ != nullptr) ares_destroy(channel_);  // calls on_answer and on_close
    }
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    void start(const std::vector<unsigned char>& query, deadline until);
    void give_up() { on_answer(ARES_ETIMEOUT, nullptr, 0); }

    signal done;
    dns_exchange outcome;

private:
    struct carrier {
        std::variant<udp::socket, tcp::socket> socket;
        bool connected = false, waits_to_read = false, waits_to_write = false;
    };

    bool open(deadline until);
    bool name_server();
    void process(ares_socket_t readable, ares_socket_t writable);
    void watch();
    void watch(ares_socket_t id, carrier& on, tcp::socket::wait_type what, bool& waiting);
    void ready(ares_socket_t id, tcp::socket::wait_type what);
    int fail(const error_code& failure);

    ares_socket_t on_socket(int family, int type);
    int on_connect(ares_socket_t id);
    ares_ssize_t on_receive(ares_socket_t id, void* into, std::size_t size, sockaddr* from, ares_socklen_t* from_size);
    ares_ssize_t on_send(ares_socket_t id, const iovec* pieces, int count);
    void on_answer(int status, const unsigned char* body, int size);
    static const ares_socket_functions functions;

    asio::any_io_executor executor_;
    endpoint server_;
    dns_transport over_;
    asio::steady_timer timer_;
    ares_channel channel_ = nullptr;
    std::map<ares_socket_t, carrier> sockets_;
    int sent_ = 0, datagrams_ = 0, datagrams_now_ = 0;
    bool finished_ = false;
};

const ares_socket_functions exchange::functions = {
    [](int family, int type, int, void* self) { return static_cast<exchange*>(self)->on_socket(family, type); },
    [](ares_socket_t id, void* self) {
        static_cast<exchange*>(self)->sockets_.erase(id);
        return 0;
    },
    [](ares_socket_t id, const sockaddr*, ares_socklen_t, void* self) {
        return static_cast<exchange*>(self)->on_connect(id);
    },
    [](ares_socket_t id, void* into, std::size_t size, int, sockaddr* from, ares_socklen_t* from_size, void* self) {
        return static_cast<exchange*>(self)->on_receive(id, into, size, from, from_size);
    },
    [](ares_socket_t id, const iovec* pieces, int count, void* self) {
        return static_cast<exchange*>(self)->on_send(id, pieces, count);
    },
};

bool exchange::open(deadline until) {
    start_library();
    ares_options options{};
    options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC | ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS;
    if (over_ == dns_transport::tcp) options.flags |= ARES_FLAG_USEVC;
    options.timeout = static_cast<int>(first_wait(until).count());
    options.tries = sends;
    options.ednspsz = payload_size;
    // The one server is named below: what the system says is not read again for each question.
    static char nothing[] = "/dev/null";
    options.resolvconf_path = nothing;
    constexpr int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_DOMAINS |
                          ARES_OPT_RESOLVCONF;
    if (ares_init_options(&channel_, &options, given) != ARES_SUCCESS) {
        channel_ = nullptr;
        return false;
    }
    ares_set_socket_functions(channel_, &functions, this);
    return name_server();
}

bool exchange::name_server() {
    ares_addr_port_node node{};
    node.udp_port = node.tcp_port = server_.port;
    auto const copy = [&](int family, const auto& bytes) {
        node.family = family;
        std::memcpy(&node.addr, bytes.data(), bytes.size());
    };
    if (server_.address.is_v4()) copy(AF_INET, server_.address.to_v4().to_bytes());
    else copy(AF_INET6, server_.address.to_v6().to_bytes());
    return ares_set_servers_ports(channel_, &node) == ARES_SUCCESS;
}

void exchange::start(const std::vector<unsigned char>& query, deadline until) {
    if (!open(until)) {
        outcome.trouble = boost::system::errc::make_error_code(boost::system::errc::not_enough_memory);
        finished_ = true;
        return done.set();
    }
    auto const answered = [](void* self, int status, int, unsigned char* body, int size) {
        static_cast<exchange*>(self)->on_answer(status, body, size);
    };
    ares_send(channel_, query.data(), static_cast<int>(query.size()), answered, this);
    watch();
}

void exchange::on_answer(int status, const unsigned char* body, int size) {
    if (std::exchange(finished_, true)) return;
    if (status == ARES_SUCCESS && body != nullptr) outcome.body.assign(body, body + size);
    outcome.retransmissions = over_ == dns_transport::udp ? std::max(sent_ - 1, 0) : 0;
    done.set();
}

void exchange::process(ares_socket_t readable, ares_socket_t writable) {
    ares_process_fd(channel_, readable, writable);
    watch();
}

// Waits for whatever c-ares needs next: a socket or its own clock.
void exchange::watch() {
    if (finished_) return;
    ares_socket_t ids[ARES_GETSOCK_MAXNUM];
    auto const wanted = static_cast<unsigned>(ares_getsock(channel_, ids, ARES_GETSOCK_MAXNUM));
    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
        bool const reads = ARES_GETSOCK_READABLE(wanted, i), writes = ARES_GETSOCK_WRITABLE(wanted, i);
        auto const found = reads || writes ? sockets_.find(ids[i]) : sockets_.end();
        if (found == sockets_.end() || !found->second.connected) continue;
        if (reads) watch(found->first, found->second, tcp::socket::wait_read, found->second.waits_to_read);
        if (writes) watch(found->first, found->second, tcp::socket::wait_write, found->second.waits_to_write);
    }
    timeval left{};
    if (ares_timeout(channel_, nullptr, &left) == nullptr) return;
    timer_.expires_after(std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec));
    timer_.async_wait([weak = weak_from_this()](error_code failure) {
        auto const self = weak.lock();
        if (!failure && self) self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    });
}

void exchange::watch(ares_socket_t id, carrier& on, tcp::socket::wait_type what, bool& waiting) {
    if (std::exchange(waiting, true)) return;
    auto handler = [weak = weak_from_this(), id, what](error_code failure) {
        auto const self = weak.lock();
        if (self && failure != asio::error::operation_aborted) self->ready(id, what);
    };
    std::visit([&](auto& socket) { socket.async_wait(what, std::move(handler)); }, on.socket);
}

void exchange::ready(ares_socket_t id, tcp::socket::wait_type what) {
    auto const found = sockets_.find(id);
    if (found == sockets_.end()) return;
    bool const reads = what == tcp::socket::wait_read;
    (reads ? found->second.waits_to_read : found->second.waits_to_write) = false;
    datagrams_now_ = 0;
    process(reads ? id : ARES_SOCKET_BAD, reads ? ARES_SOCKET_BAD : id);
}

int exchange::fail(const error_code& failure) {
    if (failure != asio::error::would_block && failure != asio::error::in_progress) outcome.trouble = failure;
    set_socket_error(failure.value());
    return -1;
}

ares_socket_t exchange::on_socket(int family, int type) {
    error_code failure;
    auto const add = [&](auto socket, auto protocol) -> ares_socket_t {
        socket.open(protocol, failure);
        if (!failure) socket.non_blocking(true, failure);
        if (failure) return fail(failure), ARES_SOCKET_BAD;
        auto const id = static_cast<ares_socket_t>(socket.native_handle());
        sockets_.emplace(id, carrier{std::move(socket)});
        return id;
    };
    if (type == SOCK_DGRAM) return add(udp::socket(executor_), family == AF_INET ? udp::v4() : udp::v6());
    return add(tcp::socket(executor_), family == AF_INET ? tcp::v4() : tcp::v6());
}

int exchange::on_connect(ares_socket_t id) {
    auto& on = sockets_.at(id);
    if (auto* datagrams = std::get_if<udp::socket>(&on.socket)) {
        error_code failure;
        datagrams->connect({server_.address, server_.port}, failure);
        if (failure) return fail(failure);
        on.connected = true;
        return 0;
    }
    std::get<tcp::socket>(on.socket).async_connect(
        {server_.address, server_.port}, [weak = weak_from_this(), id](error_code failure) {
            auto const self = weak.lock();
            if (!self || failure == asio::error::operation_aborted) return;
            auto const found = self->sockets_.find(id);
            if (found == self->sockets_.end()) return;
            found->second.connected = true;
            if (failure) self->outcome.trouble = failure;
            self->process(ARES_SOCKET_BAD, id);  // sends; after a failure that fails too, and c-ares knows
        });
    return fail(asio::error::in_progress);
}

ares_ssize_t exchange::on_receive(
    ares_socket_t id, void* into, std::size_t size, sockaddr* from, ares_socklen_t* from_size) {
    auto& on = sockets_.at(id);
    if (std::holds_alternative<udp::socket>(on.socket)) {
        if (++datagrams_ > most_datagrams) give_up();
        if (finished_ || ++datagrams_now_ > datagrams_at_a_time) return fail(asio::error::would_block);
    }
    error_code failure;
    auto const count = std::visit(
        [&](auto& socket) { return socket.receive(asio::buffer(into, size), 0, failure); }, on.socket);
    if (failure == asio::error::eof) return 0;
    if (failure) return fail(failure);
    auto const* bytes = static_cast<const unsigned char*>(into);
    outcome.stray.assign(bytes, bytes + count);
    if (from != nullptr) {  // connected: nobody else's datagrams come through
        udp::endpoint const peer(server_.address, server_.port);
        *from_size = static_cast<ares_socklen_t>(peer.size());
        std::memcpy(from, peer.data(), peer.size());
    }
    return static_cast<ares_ssize_t>(count);
}

ares_ssize_t exchange::on_send(ares_socket_t id, const iovec* pieces, int count) {
    auto& on = sockets_.at(id);
    if (!on.connected) return fail(asio::error::would_block);
    std::vector<asio::const_buffer> buffers;
    for (int i = 0; i < count; ++i) buffers.emplace_back(pieces[i].iov_base, pieces[i].iov_len);
    error_code failure;
    auto const sent = std::visit([&](auto& socket) { return socket.send(buffers, 0, failure); }, on.socket);
    if (failure) return fail(failure);
    ++sent_;
    return static_cast<ares_ssize_t>(sent);
}

}  // namespace

awaitable<dns_exchange> exchange_with(
    endpoint server, std::vector<unsigned char> query, dns_transport over, deadline until) {
    auto const executor = co_await asio::this_coro::executor;
    auto const one = std::make_shared<exchange>(executor, std::move(server), over);
    one->start(query, until);
    bool const ended = co_await one->done.wait(until);
    if (!ended) one->give_up();
    co_return std::move(one->outcome);
}

std::vector<endpoint> system_resolvers() {
    start_library();
    std::vector<endpoint> found;
    // Without search domains, which c-ares compares each with each. Nobody means more servers than are asked here.
    constexpr std::size_t most = 16;
    ares_channel channel = nullptr;
    ares_options no_domains{};
    if (ares_init_options(&channel, &no_domains, ARES_OPT_DOMAINS) != ARES_SUCCESS) return found;
    ares_addr_port_node* nodes = nullptr;
    ares_get_servers_ports(channel, &nodes);
    for (auto* node = nodes; node != nullptr && found.size() < most; node = node->next) {
        char text[64] = {};
        if (ares_inet_ntop(node->family, &node->addr, text, sizeof text) == nullptr) continue;
        auto const port = static_cast<std::uint16_t>(node->udp_port == 0 ? 53 : node->udp_port);
        if (auto const at = parse_endpoint(text, port)) found.push_back(*at);
    }
    ares_free_data(nodes);
    ares_destroy(channel);
    return found;
}

}  // namespace ucsignin::net
