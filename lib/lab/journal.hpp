#pragma once
// What reached the lab and how it answered. Written by the lab's thread, read by others.

#include <mutex>
#include <string>
#include <vector>

namespace ucsignin::lab {

class journal {
public:
    void say(std::string line) {
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
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
