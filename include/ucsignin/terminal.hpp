#pragma once
// The way out for all text: standard output and standard error, each behind a thread of its own, so that a stopped
// terminal (Ctrl-S) or a pipe that nobody reads holds up nobody but that thread. All that is written is made visible on
// the way: no control character of somebody else's reaches a terminal. Safe to use from any thread.

#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ucsignin::host {

// What a value is printed as: a text on one line and visible, anything else as it is.
template <class T>
using printed = std::conditional_t<std::is_convertible_v<const T&, std::string_view>, std::string, T>;
[[nodiscard]] std::string on_one_line(std::string_view text);
template <class T>
[[nodiscard]] printed<T> as_printed(const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) return on_one_line(value);
    else return value;
}
template <class... Values>
[[nodiscard]] std::string line_of(fmt::format_string<printed<Values>...> how, const Values&... values) {
    return fmt::format(how, as_printed(values)...);
}

class output {
public:
    using clock = std::chrono::steady_clock;

    explicit output(int descriptor);  // not closed; nothing is waited for when the object goes
    ~output();
    output(const output&) = delete;
    output& operator=(const output&) = delete;

    // Text of ours with its line breaks, and where allow_colours() was called, its colours. Never dropped.
    void write(std::string_view text);
    // Values are somebody's: what they hold stays on their line.
    template <class... Values>
    void print(fmt::format_string<printed<Values>...> how, const Values&... values) {
        write(line_of<Values...>(how, values...));
    }

    // Progress, a whole line: left out while much waits, and then the next one that is taken says how many were.
    void offer(std::string_view line);
    // Where redraws(): shown until anything else is written, or another such block. Nothing while something waits. A
    // line that is wider than the terminal would be broken by it: cut it before.
    void show_for_now(const std::vector<std::string>& lines);
    void clear();

    // True when all that was written so far has been taken. False at the time given, or when the stream takes nothing
    // (any more); it is given up then: what waits is dropped, and nothing is waited for again.
    [[nodiscard]] bool flush(clock::time_point until);
    // For filters, whose reader may take as long as it likes (a pager).
    [[nodiscard]] bool flush();

    [[nodiscard]] bool is_terminal() const;
    [[nodiscard]] bool redraws() const;  // a terminal, and none that is dumb (TERM)
    [[nodiscard]] int columns() const;   // of the terminal; 80 where there is none, or none that says
    [[nodiscard]] int rows() const;      // 24 likewise
    void allow_colours();

private:
    struct state;
    std::shared_ptr<state> state_;
};

// Both live until the process ends, whoever still writes.
[[nodiscard]] output& standard_output();
[[nodiscard]] output& standard_error();

// Where the program was started with one of the first three descriptors closed, the next file or socket would take its
// place and get what is meant for a person. They are filled with /dev/null, opened the wrong way, so that writing still
// fails.
void hold_standard_descriptors();

}  // namespace ucsignin::host
