#pragma once
#include "lge/base/error.hpp"

#include <utility>
#include <variant>

namespace lge {

/// A value, or the Error that stands in its place: for loops that go on after a bad record.
template <class T>
class Result {
public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }
    /// The value; throws the Error when there is none.
    [[nodiscard]] T& value() & { if (!ok()) throw error(); return std::get<0>(state_); }
    [[nodiscard]] const T& value() const& { if (!ok()) throw error(); return std::get<0>(state_); }
    [[nodiscard]] T&& value() && { if (!ok()) throw error(); return std::get<0>(std::move(state_)); }
    [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

private:
    std::variant<T, Error> state_;
};

/// Runs `f` and catches an lge::Error, and nothing else.
template <class F>
auto attempt(F&& f) -> Result<decltype(f())> {
    try {
        return std::forward<F>(f)();
    } catch (Error& e) {
        return std::move(e);
    }
}

}  // namespace lge
