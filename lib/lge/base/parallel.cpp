#include "lge/base/parallel.hpp"

#include <sched.h>

#include <algorithm>

namespace lge {

ThreadPool::ThreadPool(unsigned threads) {
    threads_.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool() {
    {
        const std::scoped_lock lock(mutex_);
        closing_ = true;
        jobs_.clear();  // left over only when the caller is unwinding
    }
    wake_.notify_all();
    for (auto& t : threads_) t.join();
}

void ThreadPool::push(std::function<void()> job) {
    {
        const std::scoped_lock lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void ThreadPool::work() {
    for (;;) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
            if (jobs_.empty()) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

unsigned thread_count(unsigned wanted) {
    if (wanted > 0) return wanted;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
    return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace lge
