// Cameras by V4L2: every /dev/video* is asked what it can do; sysfs tells of those that were kept from us.

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "host/host.hpp"
#include "host/linux/owned_fd.hpp"
#include "ucsignin/files.hpp"
#include "host/linux/system_message.hpp"

namespace ucsignin::host {

namespace {

std::string text_of(const __u8* field, std::size_t size) {
    const auto* text = reinterpret_cast<const char*>(field);
    return {text, ::strnlen(text, size)};
}

void ask_capabilities(int fd, camera_node& node) {
    v4l2_capability caps = {};
    if (::ioctl(fd, VIDIOC_QUERYCAP, &caps) != 0) {
        // Not a video device at all (ENOTTY) is an answer, too.
        if (errno != ENOTTY && errno != EINVAL) node.error = message_of(errno);
        return;
    }
    // One camera has several nodes: device_caps are this node's, capabilities the whole device's.
    const auto able = (caps.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? caps.device_caps : caps.capabilities;
    node.captures = (able & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) != 0;
    if (const auto name = text_of(caps.card, sizeof caps.card); !name.empty()) node.name = name;
}

std::string name_in_sysfs(const std::string& node) {
    const auto name = read_file("/sys/class/video4linux/" + node + "/name", {.bytes = 4096, .first_line = true});
    return name && !name->empty() ? *name : "/dev/" + node;
}

camera_node examine(const std::string& node) {
    camera_node result{.name = name_in_sysfs(node)};
    const owned_fd fd{::open(("/dev/" + node).c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)};
    if (fd) {
        result.opened = true;
        ask_capabilities(fd.get(), result);
    } else {
        // ENOENT: the kernel has the device, but a sandbox left its node out.
        result.denied = errno == EACCES || errno == EPERM || errno == ENOENT;
        result.error = message_of(errno);
    }
    return result;
}

void add_nodes(const std::filesystem::path& folder, std::vector<std::string>& into) {
    std::error_code absent;
    for (std::filesystem::directory_iterator at{folder, absent}, end; at != end; at.increment(absent)) {
        const auto name = at->path().filename().string();
        if (name.starts_with("video") && name.find_first_not_of("0123456789", 5) == std::string::npos)
            into.push_back(name);
        if (absent) return;
    }
}

}  // namespace

cameras list_cameras() {
    std::vector<std::string> names;
    add_nodes("/dev", names);
    add_nodes("/sys/class/video4linux", names);
    // video2 before video10: the lowest number is what programs take by default.
    std::ranges::sort(names, {}, [](const std::string& n) { return std::pair{n.size(), n}; });
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());

    std::vector<camera_node> nodes;
    std::ranges::transform(names, std::back_inserter(nodes), examine);
    return judge_cameras(nodes);
}

}  // namespace ucsignin::host
