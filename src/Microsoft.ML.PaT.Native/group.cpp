// Process groups and their collectives: gloo on a CPU, NCCL between GPUs.
#include "distributed.h"
#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace {

pat::Group open_gloo([[maybe_unused]] const pat::Store& store, [[maybe_unused]] int rank, [[maybe_unused]] int size, [[maybe_unused]] const std::string& address,
                     [[maybe_unused]] const std::string& interface, [[maybe_unused]] std::chrono::milliseconds timeout) {
#ifdef USE_C10D_GLOO
  auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  options->devices.push_back(
      interface.empty() ? c10d::ProcessGroupGloo::createDeviceForHostname(address) : c10d::ProcessGroupGloo::createDeviceForInterface(interface));
  options->threads = 2;
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options);
#else
  TORCH_CHECK(false, "libpat_native.so was built without gloo's headers");
#endif
}

pat::Group open_nccl([[maybe_unused]] const pat::Store& store, [[maybe_unused]] int rank, [[maybe_unused]] int size, [[maybe_unused]] std::chrono::milliseconds timeout) {
#ifdef USE_C10D_NCCL
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
#else
  TORCH_CHECK(false, "libpat_native.so was built without NCCL's headers");
#endif
}

void keep(void** handle, pat::Work work) { *handle = new pat::Work(std::move(work)); }

}  // namespace

bool pat::wait(const Work& work, int64_t milliseconds) {
  if (!work->isCompleted()) {
    try {
      work->wait(std::chrono::milliseconds(milliseconds));
    } catch (...) {
      // Either the time is over, or the work has failed: only the latter is complete.
      if (!work->isCompleted()) return false;
      throw;
    }
  }
  // Of finished work this throws what went wrong in it, and makes the device's stream wait for its result.
  work->wait();
  return true;
}

void pat::sum_now(const Group& group, at::Tensor& values) {
  std::vector<at::Tensor> tensors{values};
  group->allreduce(tensors)->wait();
}

int32_t pat_group_backends(int32_t* gloo, int32_t* nccl) {
  *gloo = *nccl = 0;
#ifdef USE_C10D_GLOO
  *gloo = 1;
#endif
#ifdef USE_C10D_NCCL
  *nccl = 1;
#endif
  return 0;
}

int32_t pat_group_open(void* store, const char* prefix, int32_t rank, int32_t size, const char* address, const char* interface, int32_t nccl, int64_t timeout, void** group) {
  return pat::guarded([&] {
    auto own = c10::make_intrusive<pat::GroupStore>(prefix, pat::store(store));
    const auto limit = std::chrono::milliseconds(timeout);
    *group = new pat::OpenGroup{nccl ? open_nccl(own, rank, size, limit) : open_gloo(own, rank, size, address, interface, limit), own};
  });
}

int32_t pat_group_forget_store(void* group) {
  return pat::guarded([&] { pat::open_group(group).store->forget(); });
}

int32_t pat_group_all_reduce(void* group, void* tensor, int32_t reduction, void** work) {
  return pat::guarded([&] {
    c10d::AllreduceOptions options;
    options.reduceOp = reduction == PAT_MIN ? c10d::ReduceOp::MIN : reduction == PAT_MAX ? c10d::ReduceOp::MAX : c10d::ReduceOp::SUM;
    std::vector<at::Tensor> tensors{pat::tensor(tensor)};
    keep(work, pat::group(group)->allreduce(tensors, options));
  });
}

int32_t pat_group_broadcast(void* group, void* tensor, int32_t root, void** work) {
  return pat::guarded([&] {
    c10d::BroadcastOptions options;
    options.rootRank = root;
    std::vector<at::Tensor> tensors{pat::tensor(tensor)};
    keep(work, pat::group(group)->broadcast(tensors, options));
  });
}

int32_t pat_group_all_gather(void* group, const void* tensor, void* const* results, int32_t count, void** work) {
  return pat::guarded([&] {
    std::vector<std::vector<at::Tensor>> outputs(1);
    for (int32_t i = 0; i < count; i++) outputs[0].push_back(pat::tensor(results[i]));
    std::vector<at::Tensor> inputs{pat::tensor(tensor)};
    keep(work, pat::group(group)->allgather(outputs, inputs));
  });
}

int32_t pat_group_release(void* group) {
  return pat::guarded([&] { delete &pat::open_group(group); });
}

int32_t pat_work_wait(void* work, int64_t timeout, int32_t* done) {
  return pat::guarded([&] { *done = pat::wait(*static_cast<pat::Work*>(work), timeout); });
}

int32_t pat_work_release(void* work) {
  return pat::guarded([&] { delete static_cast<pat::Work*>(work); });
}
