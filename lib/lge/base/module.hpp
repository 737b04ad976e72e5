#pragma once
// Parts of the library whose dependencies are slow to load: shared objects beside it, loaded when they are first used.

namespace lge {

/// The function `name` of the shared object `file`, to be cast to its type; unavailable when it is not there.
void* module_function(const char* file, const char* name);

}  // namespace lge
