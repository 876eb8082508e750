// One coroutine for each request: send, repeat on a version conflict if the row allows that, wait for the NOTIFY that
// carries the data, parse it in a worker, and tell the driver.
#include "signin/provisioning/exchange.hpp"

#include "signin/base/reading.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using state = answer::state;

void move_on(board& on, answer& a, state to) {
    a.now = to;
    on.changed.set();
}

sip::message written_by(session& s, const request_text& text) {
    auto m = s.make_request(text.method, text.uri);
    for (const auto& [name, value] : text.headers) m.add(name, value);
    m.body = text.body;
    return m;
}

// What a proxy of before BENOTIFY refuses with 420 (MS-SIP 3.5). True when there was something to leave out.
bool leave_out_extensions(request_text& of) {
    return std::erase_if(of.headers, [](const auto& header) {
               return header.first == "Proxy-Require" || header.second == "ms-benotify";
           }) > 0;
}

// Asked again where a proxy on the way knows less than we said.
net::awaitable<net::result<sip::reply>> reply_to(session& s, request_text& text, net::deadline until) {
    for (;;) {
        auto reply = co_await s.sip->request(written_by(s, text), until);
        if (!reply && !s.sip->is_open()) ++s.unanswered;
        if (!reply || reply->answer.status != 420 || !leave_out_extensions(text)) co_return reply;
    }
}

// True when there is a notification of it, perhaps an older one, or a new one comes in time.
net::awaitable<bool> news_of(std::shared_ptr<session> s, std::string package, net::deadline until) {
    while (!s->notified.contains(package)) {
        s->news.reset();
        const bool in_time = co_await s->news.wait(until);
        if (!in_time) co_return false;
    }
    co_return true;
}

// The final answer; its body, or that of the notification in its place.
net::awaitable<std::string> ask(
    context& c, std::shared_ptr<session> s, const endpoint me, std::shared_ptr<board> on, const request_row& row,
    request_text text) {
    auto& a = on->all.at(row.id);
    const bool is_subscription = text.method == "SUBSCRIBE";
    net::deadline until;
    for (;;) {
        until = (c.until.*row.patience)();
        auto reply = co_await reply_to(*s, text, until);
        if (!reply) {
            a.reply.reset();
            a.error = reply.error();
            co_return std::string{};
        }
        a.reply = std::move(*reply);
        if (a.reply->answer.status != row.asked_again_on || a.attempts() >= row.most_attempts) break;
        a.conflicts.push_back(a.reply->answer);
        text = std::get<request_text>(row.build(me, on->all));
    }
    if (!a.accepted()) co_return std::string{};
    auto body = std::move(a.reply->answer.body);  // megabytes, of which one copy is enough
    if (!is_subscription || !body.empty()) co_return body;
    const bool notified = co_await news_of(s, std::string(row.name), until);
    co_return notified ? s->notified.at(std::string(row.name)).body : std::string{};
}

net::awaitable<void> run(
    context& c, std::shared_ptr<session> s, const endpoint me, std::shared_ptr<board> on, const request_row& row,
    request_text text) {
    auto& a = on->all.at(row.id);
    auto body = co_await ask(c, s, me, on, row, std::move(text));
    move_on(*on, a, state::answered);
    if (a.accepted()) a.body = co_await read_beside(row.read, std::move(body), c.until.total());
    move_on(*on, a, state::complete);
}

// Each by itself: what one partner's server takes its time for holds up nobody else.
net::awaitable<void> ask_one(
    context& c, std::shared_ptr<session> s, std::shared_ptr<board> on, const request_row& row, std::size_t place,
    request_text text, std::shared_ptr<std::size_t> left) {
    auto& a = on->all.at(row.id);
    auto reply = co_await reply_to(*s, text, (c.until.*row.patience)());
    auto& one = a.each.at(place);
    if (reply) one.reply = std::move(*reply);
    else one.error = reply.error();
    if (one.accepted() && !one.reply->answer.body.empty())
        one.body = co_await read_beside(row.read, std::move(one.reply->answer.body), c.until.total());
    if (--*left == 0) move_on(*on, a, state::complete);
}

void ask_each(
    context& c, const std::shared_ptr<session>& s, const std::shared_ptr<board>& on, const request_row& row,
    request_each wanted) {
    auto left = std::make_shared<std::size_t>(wanted.all.size());
    auto& a = on->all.at(row.id);
    for (auto& one : wanted.all) a.each.push_back({.about = std::move(one.about)});
    for (std::size_t i = 0; i < wanted.all.size(); ++i)
        c.beside.start(ask_one(c, s, on, row, i, std::move(wanted.all[i].text), left));
}

// Until the grace is over: what nobody has to say is not waited for.
net::awaitable<void> listen(
    context& c, std::shared_ptr<session> s, std::shared_ptr<board> on, const request_row& row, std::string package) {
    const auto until = c.until.grace();
    auto& a = on->all.at(row.id);
    for (bool more = true; more;) {
        more = co_await news_of(s, package, until);
        if (!more) break;
        auto said = s->notified.at(package).body;
        a.body = co_await read_beside(row.read, std::move(said), until);
        if (!a.unreadable()) break;
        s->news.reset();
        more = co_await s->news.wait(until);
    }
    move_on(*on, a, state::complete);
}

net::awaitable<void> look(context& c, std::shared_ptr<board> on, const request_row& row, look_for what) {
    auto& a = on->all.at(row.id);
    a.body = co_await what.look(c);
    move_on(*on, a, state::complete);
}

}  // namespace

void start(
    context& c, std::shared_ptr<session> s, const endpoint& me, std::shared_ptr<board> on, const request_row& row) {
    auto& a = on->all.at(row.id);
    a.name = row.name;
    auto wanted = row.build(me, on->all);
    if (auto* none = std::get_if<not_sent>(&wanted)) {
        a.unsent = std::move(*none);
        return move_on(*on, a, state::complete);
    }
    if (auto* follows = std::get_if<known>(&wanted)) {
        a.only_heard = true;
        a.body = std::move(follows->what);
        return move_on(*on, a, state::complete);
    }
    a.now = state::under_way;
    if (auto* what = std::get_if<listen_for>(&wanted)) {
        a.only_heard = true;
        a.error = {net::fault::timed_out, "nothing was said about it", 0};
        return c.beside.start(listen(c, std::move(s), on, row, std::move(what->package)));
    }
    if (auto* each = std::get_if<request_each>(&wanted)) return ask_each(c, s, on, row, std::move(*each));
    if (auto* what = std::get_if<look_for>(&wanted)) {
        a.only_heard = true;
        return c.beside.start(look(c, on, row, std::move(*what)));
    }
    c.beside.start(run(c, std::move(s), me, on, row, std::get<request_text>(std::move(wanted))));
}

}  // namespace ucsignin::signin::provisioning
