#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace lge {

/// A fixed number of threads that run what they are given, first come first served.
class ThreadPool {
public:
    explicit ThreadPool(unsigned threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    template <class F>
    auto run(F work) -> std::future<decltype(work())> {
        auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
        auto result = task->get_future();
        push([task] { (*task)(); });
        return result;
    }

private:
    void push(std::function<void()> job);
    void work();
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

/// The number of threads to use: `wanted`, or one for each processor this process may run on when `wanted` is 0.
unsigned thread_count(unsigned wanted);

/// next() -> optional item, make(item) -> result, take(result): items are made on `threads` threads, and next and
/// take run on the calling thread, take in the order of next. At most 2 x threads items are in flight. With one
/// thread everything runs inline. An exception surfaces at its item's turn, after the takes before it.
/// While waits() says that next would have to wait, what is in flight is taken first.
template <class Next, class Make, class Take, class Waits>
void ordered_parallel(unsigned threads, Next next, Make make, Take take, Waits waits) {
    if (threads <= 1) {
        while (auto item = next()) take(make(std::move(*item)));
        return;
    }
    using Item = typename std::invoke_result_t<Next>::value_type;
    using Made = std::invoke_result_t<Make, Item>;
    ThreadPool pool(threads);
    std::deque<std::future<Made>> pending;
    const auto take_first = [&] {
        auto first = std::move(pending.front());
        pending.pop_front();
        take(first.get());
    };
    for (;;) {
        while (!pending.empty() && waits()) take_first();
        auto item = next();
        if (!item) break;
        if (pending.size() == 2 * static_cast<std::size_t>(threads)) take_first();
        pending.push_back(pool.run([&make, item = std::move(*item)]() mutable { return make(std::move(item)); }));
    }
    while (!pending.empty()) take_first();
}

template <class Next, class Make, class Take>
void ordered_parallel(unsigned threads, Next next, Make make, Take take) {
    ordered_parallel(threads, next, make, take, [] { return false; });
}

/// The same over the numbers 0..count-1.
template <class Make, class Take>
void ordered_parallel(unsigned threads, std::size_t count, Make make, Take take) {
    std::size_t i = 0;
    ordered_parallel(threads, [&] { return i < count ? std::optional<std::size_t>(i++) : std::nullopt; }, make, take);
}

}  // namespace lge
