#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

/// The folder of a public data set, or nothing where it is not there (a test is then passed over): below LGE_DATA_REAL,
/// else shared/data beside the project.
inline std::filesystem::path real_data(const std::string& set) {
    const char* named = std::getenv("LGE_DATA_REAL");
    const char* tests = std::getenv("LGE_TESTS");
    const std::filesystem::path root = named != nullptr ? std::filesystem::path(named) : std::filesystem::path(tests != nullptr ? tests : ".") / "../../shared/data";
    return std::filesystem::is_directory(root / set) ? root / set : std::filesystem::path();
}
