#include "lge/cli/program.hpp"

#include "temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <iostream>
#include <sstream>

using lge::ExitCode;
using lge::cli::Arity;
using lge::cli::number;
using lge::cli::option;
using Words = std::vector<std::string>;

namespace colours {
enum class Colour { red, green, blue };
constexpr std::array<std::pair<std::string_view, Colour>, 3> choices(Colour) {
    return {{{"red", Colour::red}, {"green", Colour::green}, {"blue", Colour::blue}}};
}
}  // namespace colours

namespace {

struct Options : lge::cli::OutputOptions, lge::cli::SeedOptions, lge::cli::ThreadOptions {
    bool flag = false;
    int whole = -2;
    unsigned count = 3;
    double real = 0.1;
    lge::Mm distance{1.5};
    std::string word = "a b";
    std::filesystem::path file;
    colours::Colour colour = colours::Colour::green;
    std::optional<double> maybe;
    std::vector<std::string> words;
    std::vector<int> numbers{4, 5};
};

lge::cli::Program<Options> program() {
    return {"lge-test", "try every kind of option",
            {{"first", "The first operand.", Arity::one}, {"second", "A second one.", Arity::optional}},
            lge::cli::table<Options>({
                lge::cli::output_options<Options>("Where the result goes."),
                {lge::cli::seed_option<Options>(), lge::cli::thread_option<Options>(),
                 option<Options>("flag", 'f', "", &Options::flag, "A flag."),
                 number<Options>("whole", 'w', "n", &Options::whole, -10, 10, "A whole number."),
                 option<Options>("count", 0, "n", &Options::count, "A count."),
                 number<Options>("real", 0, "x", &Options::real, 0, 1, "A number of some length, so that its sentence must go on in a second line."),
                 number<Options>("distance", 'd', "mm", &Options::distance, 0, lge::cli::unbounded, "A distance."),
                 option<Options>("word", 0, "text", &Options::word, "A word."),
                 option<Options>("file", 0, "file", &Options::file, "A file."),
                 option<Options>("colour", 'c', "colour", &Options::colour, "A colour.").in_group("looks"),
                 number<Options>("maybe", 0, "x", &Options::maybe, -1, 1, "A number or none."),
                 option<Options>("words", 0, "text", &Options::words, "Words."),
                 number<Options>("numbers", 0, "n", &Options::numbers, 0, 9, "Numbers.")},
            })};
}

struct Folder : TemporaryFolder {
    [[nodiscard]] std::string file(const std::string& name) const { return (path / name).string(); }
    [[nodiscard]] std::string write(const std::string& name, std::string_view content) const {
        std::ofstream(path / name) << content;
        return file(name);
    }
};

std::string slurp(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A standard stream that goes elsewhere while this lives.
class Redirect {
public:
    Redirect(int fd, const std::string& path) : fd_(fd), kept_(dup(fd)) {
        std::cout.flush();  // what the test runner has still to say is not the tool's
        const int to = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(to, fd);
        close(to);
    }
    ~Redirect() {
        dup2(kept_, fd_);
        close(kept_);
    }
    Redirect(const Redirect&) = delete;
    Redirect& operator=(const Redirect&) = delete;

private:
    int fd_, kept_;
};

struct Answer {
    int status = -1;
    std::string out, err;
    bool ran = false;
    Options options;
    Words operands;
    lge::cli::Invocation invocation;
    lge::Verbosity verbosity{};
};

using Body = std::function<ExitCode()>;

Answer ask(const Words& words, const lge::cli::Program<Options>& p = program(), const Body& body = [] { return ExitCode::ok; }) {
    const Folder folder;
    Answer a;
    std::vector<const char*> argv = {"lge-test"};
    for (const auto& w : words) argv.push_back(w.c_str());
    {
        const Redirect out(STDOUT_FILENO, folder.file("out")), err(STDERR_FILENO, folder.file("err"));
        a.status = lge::cli::run(p, static_cast<int>(argv.size()), argv.data(), [&](const Options& o, const Words& operands, lge::cli::Context& context) {
            a.ran = true;
            a.options = o;
            a.operands = operands;
            a.invocation = context.invocation;
            a.verbosity = context.log.verbosity();
            return body();
        });
    }
    a.out = slurp(folder.file("out"));
    a.err = slurp(folder.file("err"));
    return a;
}

/// The one line that a usage error says, without the tool's name and the advice.
std::string refusal(const Words& words, const lge::cli::Program<Options>& p = program()) {
    const Answer a = ask(words, p);
    CHECK(a.status == 64);
    CHECK_FALSE(a.ran);
    CHECK(a.out.empty());
    const std::string head = "lge-test: ", tail = "; try --help\n";
    if (!a.err.starts_with(head) || !a.err.ends_with(tail)) return "not a usage error: " + a.err;
    return a.err.substr(head.size(), a.err.size() - head.size() - tail.size());
}

Words all_of_them() {
    return {"-f", "-w", "-7", "--count=9", "--real", "0.25", "-d2", "--word", "x # \"y\"\\ \n z ", "--file", "-", "-c", "blue", "--maybe=-0.5",
            "--words", "one", "--words", " two", "--numbers", "7", "-o", "out.jsonl", "--force", "--seed", "18446744073709551615", "--threads", "2"};
}

}  // namespace

TEST_CASE("an option of each kind fills its field") {
    Words words = all_of_them();
    words.insert(words.end(), {"--", "-one", "--two"});
    const Answer a = ask(words);
    INFO(a.err);
    REQUIRE(a.status == 0);
    CHECK(a.options.flag);
    CHECK(a.options.whole == -7);
    CHECK(a.options.count == 9);
    CHECK(a.options.real == 0.25);
    CHECK(a.options.distance.value == 2.0);
    CHECK(a.options.word == "x # \"y\"\\ \n z ");
    CHECK(a.options.file == "-");
    CHECK(a.options.colour == colours::Colour::blue);
    CHECK(a.options.maybe == -0.5);
    CHECK(a.options.words == Words{"one", " two"});
    CHECK(a.options.numbers == std::vector<int>{7});
    CHECK(a.options.output == "out.jsonl");
    CHECK(a.options.force);
    CHECK(a.options.seed == 18446744073709551615u);
    CHECK(a.options.threads == 2);
    CHECK(a.operands == Words{"-one", "--two"});
}

TEST_CASE("without options the fields keep their own values") {
    const Answer a = ask({"-"});
    REQUIRE(a.status == 0);
    CHECK(a.operands == Words{"-"});
    CHECK(a.options.numbers == std::vector<int>{4, 5});
    CHECK(a.options.word == "a b");
    CHECK_FALSE(a.options.maybe);
}

TEST_CASE("the page of --print-config is a --config that gives itself back") {
    const Folder folder;
    for (const Words& words : {Words{}, all_of_them()}) {
        Words print = words;
        print.push_back("--print-config");
        const Answer first = ask(print);
        REQUIRE(first.status == 0);
        CHECK_FALSE(first.ran);
        const auto file = folder.write("c.ini", first.out);
        CHECK(ask({"--config", file, "--print-config"}).out == first.out);
    }
    const Answer a = ask({"--config", folder.file("c.ini"), "x"});
    CHECK(a.options.word == "x # \"y\"\\ \n z ");
    CHECK(a.options.words == Words{"one", " two"});
    CHECK(a.options.force);
}

TEST_CASE("the command line goes before config files, and a later file before an earlier one") {
    const Folder folder;
    const auto one = folder.write("1.ini", "# comment\n\n  real = 0.5 # of something\nflag = true\r\nwords = a\nwords = b\nwhole=3");
    const auto two = folder.write("2.ini", "whole = 4\nword = \"#\"\n");
    Answer a = ask({"x", "--config", one, "--config", two});
    REQUIRE(a.status == 0);
    CHECK(a.options.real == 0.5);
    CHECK(a.options.flag);
    CHECK(a.options.words == Words{"a", "b"});
    CHECK(a.options.whole == 4);
    CHECK(a.options.word == "#");
    a = ask({"x", "--config", one, "--words", "c", "--whole", "5"});
    CHECK(a.options.words == Words{"c"});
    CHECK(a.options.whole == 5);
}

TEST_CASE("a config file that is wrong is named with its line and key") {
    const Folder folder;
    const auto with = [&](std::string_view content) { return refusal({"x", "--config", folder.write("c.ini", content)}); };
    CHECK(with("real = 0.5\nreel = 1\n") == "c.ini:2: reel: unknown option");
    CHECK(with("config = c.ini\n") == "c.ini:1: config: unknown option");
    CHECK(with("help = true\n") == "c.ini:1: help: unknown option");
    CHECK(with("\n\nreal = 2\n") == "c.ini:3: real: wanted 0 to 1, got 2");
    CHECK(with("colour = pink\n") == "c.ini:1: colour: wanted one of red, green, blue, got 'pink'");
    CHECK(with("flag = yes\n") == "c.ini:1: flag: wanted true or false, got 'yes'");
    CHECK(with("word =\n") == "c.ini:1: word: needs a value");
    CHECK(with("quiet = on\n") == "c.ini:1: quiet: wanted true or false, got 'on'");
    for (const std::string bad : {"real\n", "= 1\n", "word = \"a\n", "word = \"a\" b\n", "word = \"\\x\"\n"}) {
        const Answer a = ask({"x", "--config", folder.write("c.ini", bad)});
        CHECK(a.status == 64);
        CHECK(a.err.starts_with("lge-test: c.ini:1: "));
    }
    CHECK(ask({"x", "--config", folder.file("none")}).status == 66);
    CHECK(ask({"x", "--config", folder.path.string()}).status == 66);
}

TEST_CASE("a command line that is wrong is refused with its option and the reason") {
    CHECK(refusal({"x", "--nothing"}) == "unknown option '--nothing'");
    CHECK(refusal({"x", "--rea", "1"}) == "unknown option '--rea'");
    CHECK(refusal({"x", "--real"}) == "--real: needs a value");
    CHECK(refusal({"x", "--real="}) == "--real: needs a value");
    CHECK(refusal({"x", "--word", ""}) == "--word: needs a value");
    CHECK(refusal({"x", "--flag=true"}) == "--flag: takes no value");
    CHECK(refusal({"x", "--real", "0", "--real", "1"}) == "--real: given 2 times");
    CHECK(refusal({"x", "-f", "--flag"}) == "--flag: given 2 times");
    CHECK(refusal({"x", "--real", "1.5"}) == "--real: wanted 0 to 1, got 1.5");
    CHECK(refusal({"x", "--real", "-1e-9"}) == "--real: wanted 0 to 1, got -1e-09");
    CHECK(refusal({"x", "-d", "-1"}) == "--distance: wanted 0 or more, got -1");
    CHECK(refusal({"x", "--numbers", "1", "--numbers", "10"}) == "--numbers: wanted 0 to 9, got 10");
    CHECK(refusal({"x", "--real", "0.5mm"}) == "--real: wanted a number, got '0.5mm'");
    CHECK(refusal({"x", "--real", "nan"}) == "--real: wanted a finite number, got 'nan'");
    CHECK(refusal({"x", "--real", "0,5"}) == "--real: wanted a number, got '0,5'");
    CHECK(refusal({"x", "--whole", "1.0"}) == "--whole: wanted a whole number, got '1.0'");
    CHECK(refusal({"x", "--whole", "99999999999"}) == "--whole: '99999999999' is out of range");
    CHECK(refusal({"x", "--count", "-1"}) == "--count: wanted a whole number without a sign, got '-1'");
    CHECK(refusal({"x", "--colour", "Red"}) == "--colour: wanted one of red, green, blue, got 'Red'");
    CHECK(refusal({"x", "-qv"}) == "--quiet and --verbose exclude each other");
    CHECK(refusal({}) == "wanted 1 to 2 operands, got 0");
    CHECK(refusal({"a", "b", "c"}) == "wanted 1 to 2 operands, got 3");
    CHECK(refusal({""}) == "an operand is empty");
}

TEST_CASE("an option that is required must be given, on the command line or in a config file") {
    auto p = program();
    for (auto& o : p.options)
        if (o.doc.name == "file") o.doc.required = true;
    CHECK(refusal({"x"}, p) == "--file is required");
    CHECK(ask({"x", "--file", "f"}, p).status == 0);
    const Folder folder;
    CHECK(ask({"x", "--config", folder.write("c.ini", "file = f\n")}, p).status == 0);
    CHECK(ask({"--print-config"}, p).status == 0);
    CHECK(ask({"--help"}, p).out.find("[required]") != std::string::npos);
}

TEST_CASE("operands are counted as their arity says") {
    auto p = program();
    const auto status = [&](std::vector<lge::cli::Operand> operands, const Words& words) {
        p.operands = std::move(operands);
        return ask(words, p).status;
    };
    CHECK(status({}, {}) == 0);
    CHECK(status({}, {"a"}) == 64);
    CHECK(status({{"x", "", Arity::any}}, {}) == 0);
    CHECK(status({{"x", "", Arity::some}}, {}) == 64);
    CHECK(status({{"x", "", Arity::one}, {"y", "", Arity::some}}, {"a"}) == 64);
    CHECK(status({{"x", "", Arity::one}, {"y", "", Arity::some}}, {"a", "b", "c"}) == 0);
}

TEST_CASE("quiet and verbose reach the log, and the command line decides between them") {
    const Folder folder;
    const auto quiet = folder.write("c.ini", "quiet = true\n");
    CHECK(ask({"x"}).verbosity == lge::Verbosity::normal);
    CHECK(ask({"x", "-q"}).verbosity == lge::Verbosity::quiet);
    CHECK(ask({"x", "-v"}).verbosity == lge::Verbosity::verbose);
    CHECK(ask({"x", "--config", quiet}).verbosity == lge::Verbosity::quiet);
    CHECK(ask({"x", "--config", quiet, "-v"}).verbosity == lge::Verbosity::verbose);
}

TEST_CASE("the invocation lists what the bytes of a result hang on, and no folder") {
    const Answer a = ask({"x", "--file", "/some/where/model.bin", "--threads", "3", "-o", "y", "--words", "p", "--words", "q", "-q"});
    REQUIRE(a.status == 0);
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(a.invocation.tool == "lge-test");
    CHECK(a.invocation.options == Pairs{{"seed", "1"}, {"flag", "false"}, {"whole", "-2"}, {"count", "3"}, {"real", "0.1"}, {"distance", "1.5"}, {"word", "a b"},
                                        {"file", "model.bin"}, {"colour", "green"}, {"words", "p"}, {"words", "q"}, {"numbers", "4"}, {"numbers", "5"}});
}

TEST_CASE("what leaves the body becomes a status and one line, and what others throw is not quoted") {
    const auto body = [](const std::function<void()>& f) {
        const Answer a = ask({"x"}, program(), [&] {
            f();
            return ExitCode::no;
        });
        return std::pair(a.status, a.err);
    };
    using Said = std::pair<int, std::string>;
    CHECK(body([] {}) == Said(1, ""));
    CHECK(body([] { throw lge::Error(ExitCode::bad_data, "f: wrong\n\x1b[2J"); }) == Said(65, "lge-test: f: wrong\\x0a\\x1b[2J\n"));
    CHECK(body([] { throw std::bad_alloc(); }) == Said(69, "lge-test: out of memory\n"));
    CHECK(body([] { throw std::runtime_error("SECRET"); }) == Said(70, "lge-test: internal error\n"));
    CHECK(body([] { throw 1; }) == Said(70, "lge-test: internal error\n"));
}

TEST_CASE("a shard is the i-th of n") {
    const auto shard = lge::cli::parse_shard("2/3");
    CHECK_FALSE(shard.has(0));
    CHECK(shard.has(1));
    CHECK(shard.has(4));
    for (const std::string bad : {"", "1", "0/2", "3/2", "1/", "/2", "1/2/3", "-1/2", "1 /2", "a/b", "1/99999999999999999999"}) CHECK_THROWS_AS(lge::cli::parse_shard(bad), lge::Error);
}

TEST_CASE("help fits in 80 columns and shows every option with its default, range and choices") {
    const Answer a = ask({"--help", "--real", "7"});
    CHECK(a.status == 0);
    CHECK_FALSE(a.ran);
    CHECK(a.err.empty());
    CHECK(a.out.starts_with("usage: lge-test [options] first [second]\n\ntry every kind of option\n"));
    std::istringstream in(a.out);
    for (std::string line; std::getline(in, line);) CHECK(line.size() <= 80);
    for (const auto& o : program().options) CHECK(a.out.find("--" + o.doc.name + (o.doc.is_flag() ? " " : " " + o.doc.value)) != std::string::npos);
    for (const std::string part : {"[0 or more; default 1.5]", "[red, green, blue; default green]", "[repeatable; 0 to 9; default 4, 5]", "\nlooks:\n", "\ngeneral:\n"}) CHECK(a.out.find(part) != std::string::npos);
    CHECK(ask({"--version"}).out == "lge-test 0.1.0\n");
}

TEST_CASE("man page options and completion name every option") {
    const std::string mdoc = ask({"--print-mdoc-options"}).out, completion = ask({"--print-completion"}).out;
    for (const auto& o : program().options) {
        CHECK(mdoc.find("Fl \\-" + o.doc.name) != std::string::npos);
        CHECK(completion.find("--" + o.doc.name) != std::string::npos);
    }
    CHECK(completion.find("-W 'red green blue'") != std::string::npos);
    CHECK(completion.find("complete -o filenames -F _lge_test lge-test\n") != std::string::npos);
    const std::string help = ask({"--help"}).out;
    CHECK(help.find("print-mdoc-options") == std::string::npos);
}
