// What our reader makes of NIfTI files, for comparison with other readers: nifti-dump FILE... prints a line of JSON each;
// nifti-dump --copy FROM TO reads and writes.
#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/io/nifti.hpp"
#include "lge/json/writer.hpp"

#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
    using namespace lge;
    if (argc == 4 && std::string_view(argv[1]) == "--copy") {
        const std::string to = argv[3];
        write_file(to, Overwrite::no, io::encode_nifti(io::read_nifti(argv[2]), nullptr, io::wants_gzip(to)));
        return 0;
    }
    for (int i = 1; i < argc; ++i) {
        json::Writer w;
        w.object().key("file").text(argv[i]);
        try {
            const auto image = io::read_nifti(argv[i]);
            w.key("shape").array();
            for (const auto n : image.grid.shape) w.integer(static_cast<std::int64_t>(n));
            w.end().key("index_to_lps").array();
            for (const double v : image.grid.index_to_lps.rows) w.number(v);
            w.end().key("slope").number(image.slope).key("intercept").number(image.intercept).key("sha256").text(sha256(image.raw));
            w.key("problems").integer(static_cast<std::int64_t>(image.problems.size()));
        } catch (const Error& e) {
            w.key("error").text(e.what());
        }
        std::fputs(w.end().take_line().c_str(), stdout);
    }
}
