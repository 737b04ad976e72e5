#include "lge/nn/train/gradients.hpp"

#include <torch/types.h>

namespace lge::nn {
namespace {

constexpr std::int64_t bucket_numbers = 1 << 20;

/// For each of the parts first to last - 1, how many neighbouring sums become one once it has come, when a row is the sum of
/// its halves.
void count_merges(std::size_t first, std::size_t last, std::vector<unsigned>& merges) {
    if (last - first < 2) return;
    const std::size_t middle = first + (last - first) / 2;
    count_merges(first, middle, merges);
    count_merges(middle, last, merges);
    ++merges[last - 1];
}

}  // namespace

GradientSum::GradientSum(std::vector<torch::Tensor> parameters, const std::vector<bool>& joint, std::size_t parts, Peers* peers)
    : parameters_(parameters.size()), parts_(parts), left_(parameters.size()), merges_(parts), peers_(peers) {
    count_merges(0, parts, merges_);
    std::int64_t room = 0;
    for (const bool of_joint_loss : {false, true}) {
        for (std::size_t p = parameters.size(); p-- > 0;) {
            if (joint[p] != of_joint_loss) continue;
            if (room < parameters[p].numel() || buckets_.empty()) {
                buckets_.emplace_back();
                room = bucket_numbers;
            }
            room -= parameters[p].numel();
            buckets_.back().members.push_back(p);
            ++buckets_.back().open;
            Parameter& to = parameters_[p];
            to.bucket = buckets_.size() - 1;
            to.tensor = std::move(parameters[p]);
            if (!peers || !of_joint_loss) continue;
            auto& gradient = to.tensor.mutable_grad();
            to.joint = gradient.defined() ? gradient : at::zeros_like(to.tensor);
            gradient.reset();
        }
        room = 0;
    }
}

void GradientSum::add(std::size_t part, std::size_t p, const torch::Tensor& gradient) {
    const torch::NoGradGuard no_grad;
    const std::scoped_lock lock(mutex_);
    Parameter& to = parameters_[p];
    if (part < to.next || !to.waiting.emplace(part, gradient).second) return;
    for (auto due = to.waiting.begin(); due != to.waiting.end() && due->first == to.next; due = to.waiting.erase(due), ++to.next) {
        to.sums.push_back(due->second);
        to.spoken += due->second.defined();
        for (unsigned m = 0; m < merges_[to.next]; ++m) {
            const torch::Tensor right = std::move(to.sums.back());
            to.sums.pop_back();
            auto& left = to.sums.back();
            if (right.defined()) left = left.defined() ? left + right : right;
        }
    }
    if (to.next < parts_) return;
    if (const torch::Tensor all = to.sums.back(); all.defined()) {
        if (auto& sum = to.tensor.mutable_grad(); sum.defined()) sum.add_(all);
        else sum = to.spoken > 1 ? all : all.clone();  // a lone gradient belongs to autograd
    }
    to.sums.clear();
    --left_;
    --buckets_[to.bucket].open;
    if (peers_) send_ready();
}

/// In the order that all processes share.
void GradientSum::send_ready() {
    for (; sent_ < buckets_.size() && buckets_[sent_].open == 0; ++sent_) {
        std::vector<torch::Tensor> gradients;
        for (const std::size_t p : buckets_[sent_].members) {
            auto& gradient = parameters_[p].tensor.mutable_grad();
            if (!gradient.defined()) gradient = at::zeros_like(parameters_[p].tensor);
            gradients.push_back(gradient);
            if (parameters_[p].joint.defined()) gradients.push_back(parameters_[p].joint);
        }
        buckets_[sent_].sum = peers_->begin_sum(std::move(gradients));
        if (left_ > 0) ++sent_early_;
    }
}

void GradientSum::finish() {
    if (!peers_) return;
    for (auto& bucket : buckets_) peers_->end_sum(bucket.sum);
    for (auto& p : parameters_)
        if (p.joint.defined()) p.tensor.mutable_grad().add_(p.joint);
}

}  // namespace lge::nn
