#include "lge/base/module.hpp"

#include "lge/base/error.hpp"

#include <dlfcn.h>

namespace lge {

void* module_function(const char* file, const char* name) {
    void* module = dlopen(file, RTLD_NOW);
    if (module == nullptr) throw Error(ExitCode::unavailable, std::string(file) + ": not installed beside the tools");
    void* function = dlsym(module, name);
    if (function == nullptr) throw Error(ExitCode::unavailable, std::string(file) + ": of another version");
    return function;
}

}  // namespace lge
