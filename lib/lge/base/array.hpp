#pragma once
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace lge {

/// Leaves new numbers unset, so that a large buffer is not written twice.
template <class T>
struct Uninitialised : std::allocator<T> {
    template <class U> struct rebind { using other = Uninitialised<U>; };
    using std::allocator<T>::allocator;
    template <class U> void construct(U* p) { ::new (static_cast<void*>(p)) U; }
    template <class U, class... A> void construct(U* p, A&&... a) { ::new (static_cast<void*>(p)) U(std::forward<A>(a)...); }
};

/// A vector whose `Array<T>(n)` and `resize` leave the elements unset; `Array<T>(n, value)` fills them.
template <class T>
using Array = std::vector<T, Uninitialised<T>>;

using Bytes = Array<std::byte>;

}  // namespace lge
