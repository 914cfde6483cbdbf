// Process groups as the exports hand them out.
#pragma once
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <torch/csrc/distributed/c10d/Work.hpp>
#include <torch/version.h>
#if TORCH_VERSION_MAJOR >= 2
#include <torch/csrc/distributed/c10d/Backend.hpp>
#else
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#endif
#include "guard.h"

namespace pat {

#if TORCH_VERSION_MAJOR >= 2
using Backend = c10d::Backend;
#else
using Backend = c10d::ProcessGroup;
#endif
using Store = c10::intrusive_ptr<c10d::Store>;
using Group = c10::intrusive_ptr<Backend>;

// A store under a prefix, until it is no longer needed.
class GroupStore : public c10d::PrefixStore {
 public:
  using PrefixStore::PrefixStore;
  void forget() { store_ = c10::make_intrusive<c10d::HashStore>(); }
};

struct OpenGroup {
  Group backend;
  c10::intrusive_ptr<GroupStore> store;
};

using Work = c10::intrusive_ptr<c10d::Work>;

inline Store& store(void* handle) { return *static_cast<Store*>(handle); }
inline OpenGroup& open_group(void* handle) { return *static_cast<OpenGroup*>(handle); }
inline Group& group(void* handle) { return open_group(handle).backend; }

// Waits for a while; false when the work is still under way. What went wrong in it is thrown.
bool wait(const Work& work, int64_t milliseconds);

// Sums a tensor in place and waits for it: for what the backward pass itself needs at once.
void sum_now(const Group& group, at::Tensor& values);

}  // namespace pat
