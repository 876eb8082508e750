#pragma once
// What reached the lab and how it answered. Written by the lab's thread, read by others.

#include <mutex>
#include <string>
#include <vector>

namespace ucsignin::lab {

class journal {
public:
    // Clients may say what they like, as often as they like: a line has an end, and so has the journal.
    void say(std::string line) {
        constexpr std::size_t longest = 1000, most = 20000;
        if (line.size() > longest) line.replace(longest, std::string::npos, "...");
        const std::lock_guard lock(mutex_);
        if (lines_.size() < most) lines_.push_back(std::move(line));
        else if (lines_.size() == most) lines_.push_back("... and more");
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    // The first counts.
    void note_bug(std::string what) {
        const std::lock_guard lock(mutex_);
        if (bug_.empty()) bug_ = std::move(what);
    }
    [[nodiscard]] std::string bug() const {
        const std::lock_guard lock(mutex_);
        return bug_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::string bug_;
};

}  // namespace ucsignin::lab
