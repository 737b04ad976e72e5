#pragma once
// Processes of a run as threads of a test, which meet on this machine.
#include "lge/nn/train/peers.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

using lge::nn::Peers;

/// For threads, in which Catch cannot be asked.
inline void need(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error(what);
}

inline std::uint16_t free_port() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

/// f(peers) by `size` processes; here each is a thread of its own.
template <class F>
void together(int size, F f) {
    const std::uint16_t port = free_port();
    std::vector<std::future<void>> all;
    for (int rank = 0; rank < size; ++rank)
        all.push_back(std::async(std::launch::async, [&, rank] {
            Peers peers({rank, size, rank, "127.0.0.1", port});
            f(peers);
        }));
    for (auto& one : all) one.get();
}
