// Sums gradients over a group while the backward pass goes on: a hook behind each parameter's accumulator counts its bucket down, and a
// bucket that is full sets off. Buckets set off in their own order on every rank, whatever the order in which they fill.
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>
#include <mutex>
#include "distributed.h"

namespace {

using torch::autograd::variable_list;

class Reducer {
 public:
  Reducer(pat::Group group, std::vector<at::Tensor> buckets, const std::vector<at::Tensor>& parameters, const std::vector<int32_t>& bucket_of)
      : group_(std::move(group)), buckets_(std::move(buckets)), sizes_(buckets_.size()) {
    for (size_t i = 0; i < parameters.size(); i++) {
      sizes_.at(bucket_of[i])++;
      auto accumulator = torch::autograd::impl::grad_accumulator(parameters[i]);
      TORCH_CHECK(accumulator, "a parameter does not ask for gradients");
      auto key = accumulator->add_post_hook(std::make_unique<Hook>(*this, bucket_of[i]));
      hooks_.emplace_back(std::move(accumulator), key);
    }
  }

  ~Reducer() {
    for (auto& [accumulator, key] : hooks_) accumulator->del_post_hook(key);
  }

  void arm() {
    std::lock_guard<std::mutex> lock(mutex_);
    missing_ = sizes_;
    works_.clear();
    armed_ = true;
  }

  // What no gradient came for, because nothing depends on it, sets off at last. Returns how many had set off before.
  int32_t launch_rest() {
    std::lock_guard<std::mutex> lock(mutex_);
    TORCH_CHECK(armed_, "the reduction was not begun");
    armed_ = false;
    const auto early = static_cast<int32_t>(works_.size());
    while (works_.size() < buckets_.size()) launch();
    return early;
  }

  bool wait(int64_t milliseconds) {
    while (!works_.empty()) {
      if (!pat::wait(works_.front(), milliseconds)) return false;
      works_.erase(works_.begin());
    }
    return true;
  }

 private:
  class Hook : public torch::autograd::FunctionPostHook {
   public:
    Hook(Reducer& reducer, int32_t bucket) : reducer_(reducer), bucket_(bucket) {}
    variable_list operator()(const variable_list& outputs, const variable_list&) override {
      reducer_.ready(bucket_);
      return outputs;
    }

   private:
    Reducer& reducer_;
    const int32_t bucket_;
  };

  void ready(int32_t bucket) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!armed_) return;
    missing_[bucket]--;
    while (works_.size() < buckets_.size() && missing_[works_.size()] <= 0) launch();
  }

  void launch() {
    std::vector<at::Tensor> tensors{buckets_[works_.size()]};
    works_.push_back(group_->allreduce(tensors));
  }

  const pat::Group group_;
  const std::vector<at::Tensor> buckets_;
  std::vector<int32_t> sizes_, missing_;
  std::vector<pat::Work> works_;
  std::vector<std::pair<std::shared_ptr<torch::autograd::Node>, uintptr_t>> hooks_;
  std::mutex mutex_;
  bool armed_ = false;
};

Reducer& reducer(void* handle) { return *static_cast<Reducer*>(handle); }

}  // namespace

int32_t pat_reducer_new(void* group, void* const* parameters, const int32_t* bucket_of, int32_t count, void* const* buckets, int32_t bucket_count, void** result) {
  return pat::guarded([&] {
    std::vector<at::Tensor> slices, owners;
    for (int32_t i = 0; i < bucket_count; i++) slices.push_back(pat::tensor(buckets[i]).detach());
    for (int32_t i = 0; i < count; i++) owners.push_back(pat::tensor(parameters[i]));
    *result = new Reducer(pat::group(group), std::move(slices), owners, {bucket_of, bucket_of + count});
  });
}

int32_t pat_reducer_arm(void* handle) {
  return pat::guarded([&] { reducer(handle).arm(); });
}

int32_t pat_reducer_launch_rest(void* handle, int32_t* early) {
  return pat::guarded([&] { *early = reducer(handle).launch_rest(); });
}

int32_t pat_reducer_wait(void* handle, int64_t timeout, int32_t* done) {
  return pat::guarded([&] { *done = reducer(handle).wait(timeout); });
}

int32_t pat_reducer_release(void* handle) {
  return pat::guarded([&] { delete &reducer(handle); });
}
