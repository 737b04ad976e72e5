#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

using lge::Error;
using lge::ExitCode;
using lge::Output;
using lge::Overwrite;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& p) {
    const auto bytes = lge::read_file(p.string());
    return std::string(lge::as_text(bytes));
}
std::size_t entries(const fs::path& p) { return static_cast<std::size_t>(std::distance(fs::directory_iterator(p), {})); }
template <class F>
ExitCode status_of(F f) {
    try {
        f();
    } catch (const Error& e) {
        return e.code();
    }
    return ExitCode::ok;
}

}  // namespace

TEST_CASE("what was peeked at is read again, and only then what follows") {
    const TemporaryFolder dir;
    const std::string path = (dir.path / "a").string();
    lge::write_file(path, Overwrite::no, lge::as_bytes("0123456789"));
    lge::Input file(path);
    CHECK(lge::as_text(file.peek(3)) == "012");
    CHECK(lge::as_text(file.peek(5)) == "01234");
    CHECK(lge::as_text(file.peek(2)) == "01");
    lge::Input moved(std::move(file));
    std::array<std::byte, 2> two{};
    CHECK(moved.read(two) == 2);
    CHECK(lge::as_text(two) == "01");
    CHECK(lge::as_text(moved.peek(100)) == "23456789");
    CHECK(lge::as_text(moved.peek(100)) == "23456789");
    std::array<std::byte, 20> rest{};
    CHECK(moved.read(rest) == 8);
    CHECK(moved.peek(1).empty());
    lge::Input again(path);
    again.peek(4);
    CHECK(lge::as_text(lge::read_all(again)) == "0123456789");
}

TEST_CASE("an output is there after commit and not before, and nothing else is left") {
    const TemporaryFolder dir;
    const std::string path = (dir.path / "a").string();
    {
        Output out(path, Overwrite::no);
        out.write("first ");
        out.write(std::string(200000, 'x'));
        CHECK_FALSE(fs::exists(path));
        out.commit();
    }
    CHECK(content(path).size() == 200006);
    CHECK(entries(dir.path) == 1);
}

TEST_CASE("an abandoned output leaves the old file as it was") {
    const TemporaryFolder dir;
    const std::string path = (dir.path / "a").string();
    lge::write_file(path, Overwrite::no, lge::as_bytes("old"));
    { Output out(path, Overwrite::yes); out.write("new"); }
    CHECK(content(path) == "old");
    lge::write_file(path, Overwrite::yes, lge::as_bytes("new"));
    CHECK(content(path) == "new");
    CHECK(entries(dir.path) == 1);
}

TEST_CASE("a file in the way is refused at once, and one that appears meanwhile at commit") {
    const TemporaryFolder dir;
    const std::string path = (dir.path / "a").string();
    Output out(path, Overwrite::no);
    std::ofstream(path) << "mine";
    CHECK(status_of([&] { Output(path, Overwrite::no); }) == ExitCode::cannot_create);
    out.write("other");
    CHECK(status_of([&] { out.commit(); }) == ExitCode::cannot_create);
    CHECK(content(path) == "mine");
}

TEST_CASE("an output in a missing folder, or named like a folder, cannot be created") {
    const TemporaryFolder dir;
    CHECK(status_of([&] { Output((dir.path / "no" / "a").string(), Overwrite::no); }) == ExitCode::cannot_create);
    CHECK(status_of([&] { Output(dir.path.string(), Overwrite::yes); }) == ExitCode::cannot_create);
}

TEST_CASE("a full device is a write error") {
    if (!fs::exists("/dev/full")) return;
    CHECK(status_of([] { lge::write_file("/dev/full", Overwrite::no, lge::as_bytes("x")); }) == ExitCode::io_error);
}

TEST_CASE("a writer killed at any time leaves no torn file") {
    const TemporaryFolder dir;
    const std::string path = (dir.path / "a").string();
    const std::string block(1 << 20, 'b');
    for (int round = 0; round < 50; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            ::signal(SIGTERM, SIG_DFL);  // not the test runner's own
            for (;;) {
                Output out(path, Overwrite::yes);
                for (int i = 0; i < 4; ++i) out.write(block);
                out.commit();
            }
        }
        usleep(static_cast<useconds_t>(500 + 397 * round));
        kill(child, round % 2 ? SIGKILL : SIGTERM);
        int status = 0;
        waitpid(child, &status, 0);
        REQUIRE(WIFSIGNALED(status));
        if (fs::exists(path)) REQUIRE(fs::file_size(path) == 4 * block.size());
    }
    lge::write_file(path, Overwrite::yes, lge::as_bytes("last"));  // sweeps what the kills left
    CHECK(content(path) == "last");
    CHECK(entries(dir.path) == 1);
}

TEST_CASE("temporaries of dead processes are swept, others are kept") {
    const TemporaryFolder dir;
    const pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
    const std::string dead = ".x." + std::to_string(child) + ".0123456789abcdef.tmp", alive = ".x." + std::to_string(getpid()) + ".0123456789abcdef.tmp";
    for (const auto& name : {dead, alive, std::string(".profile.tmp")}) std::ofstream(dir.path / name) << "x";
    lge::write_file((dir.path / "a").string(), Overwrite::no, lge::as_bytes("x"));
    CHECK_FALSE(fs::exists(dir.path / dead));
    CHECK(fs::exists(dir.path / alive));
    CHECK(fs::exists(dir.path / ".profile.tmp"));
}

TEST_CASE("inputs that are missing, folders or too long are refused") {
    const TemporaryFolder dir;
    CHECK(status_of([&] { lge::Input((dir.path / "no").string()); }) == ExitCode::no_input);
    CHECK(status_of([&] { lge::Input(dir.path.string()); }) == ExitCode::no_input);
    lge::write_file((dir.path / "a").string(), Overwrite::no, lge::as_bytes("12345"));
    CHECK(status_of([&] { lge::read_file((dir.path / "a").string(), 4); }) == ExitCode::bad_data);
    CHECK(lge::read_file((dir.path / "a").string(), 5).size() == 5);
}

TEST_CASE("a pipe is read to its end, and no further than the limit") {
    const TemporaryFolder dir;
    const std::string fifo = (dir.path / "fifo").string();
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    for (const std::size_t limit : {std::size_t{300000}, std::size_t{299999}}) {
        const pid_t child = fork();
        if (child == 0) {
            ::signal(SIGPIPE, SIG_IGN);
            std::ofstream out(fifo);
            for (int i = 0; i < 300; ++i) out << std::string(1000, 'p') << std::flush;
            out.close();
            _exit(0);
        }
        std::size_t got = 0;
        const ExitCode status = status_of([&] { got = lge::read_file(fifo, limit).size(); });
        waitpid(child, nullptr, 0);
        CHECK(status == (limit == 300000 ? ExitCode::ok : ExitCode::bad_data));
        if (limit == 300000) CHECK(got == 300000);
    }
}

TEST_CASE("a path of a manifest stays beneath its folder") {
    const TemporaryFolder dir;
    fs::create_directory(dir.path / "in");
    fs::create_symlink("/etc", dir.path / "in" / "out");
    CHECK(lge::beneath(dir.path / "in", "a/b.nii").filename() == "b.nii");
    for (const char* bad : {"", "/etc/passwd", "../x", "a/../../x", "out/passwd"}) {
        CAPTURE(bad);
        CHECK(status_of([&] { lge::beneath(dir.path / "in", bad); }) == ExitCode::bad_data);
    }
}

TEST_CASE("of a pipe, what was written is read without waiting for more") {
    TemporaryFolder dir;
    const std::string path = (dir.path / "pipe").string();
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    const int out = open(path.c_str(), O_RDWR);  // so that neither end waits for the other
    REQUIRE(out >= 0);
    lge::Input in(path);
    CHECK(in.waits());
    REQUIRE(write(out, "abc", 3) == 3);
    CHECK_FALSE(in.waits());
    lge::Bytes bytes(10);
    CHECK(in.read_some(bytes) == 3);
    CHECK(lge::as_text(bytes).substr(0, 3) == "abc");
    CHECK(in.waits());
    REQUIRE(write(out, "de", 2) == 2);
    CHECK(in.peek(1).size() == 1);
    CHECK(in.read_some(bytes) == 1);
    close(out);
    CHECK(in.read_some(bytes) == 1);
    CHECK_FALSE(in.waits());  // the end is there
    CHECK(in.read_some(bytes) == 0);
}
