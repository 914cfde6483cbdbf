// The key-value store at which the ranks of a group meet.
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <algorithm>
#include <cstring>
#include "distributed.h"

int32_t pat_store_open(const char* host, int32_t port, int32_t serves, int64_t timeout, void** store) {
  return pat::guarded([&] {
    c10d::TCPStoreOptions options;
    options.port = static_cast<uint16_t>(port);
    options.isServer = serves != 0;
    options.waitWorkers = false;
    options.timeout = std::chrono::milliseconds(timeout);
    *store = new pat::Store(c10::make_intrusive<c10d::TCPStore>(std::string(host), options));
  });
}

int32_t pat_store_set(void* store, const char* key, const void* value, int64_t length) {
  return pat::guarded([&] {
    auto bytes = static_cast<const uint8_t*>(value);
    pat::store(store)->set(key, std::vector<uint8_t>(bytes, bytes + length));
  });
}

int32_t pat_store_has(void* store, const char* key, int32_t* has) {
  return pat::guarded([&] { *has = pat::store(store)->check({key}); });
}

int32_t pat_store_get(void* store, const char* key, void* value, int64_t capacity, int64_t* length) {
  return pat::guarded([&] {
    auto bytes = pat::store(store)->get(key);
    *length = static_cast<int64_t>(bytes.size());
    std::memcpy(value, bytes.data(), std::min<size_t>(bytes.size(), capacity));
  });
}

int32_t pat_store_add(void* store, const char* key, int64_t amount, int64_t* sum) {
  return pat::guarded([&] { *sum = pat::store(store)->add(key, amount); });
}

int32_t pat_store_release(void* store) {
  return pat::guarded([&] { delete static_cast<pat::Store*>(store); });
}
