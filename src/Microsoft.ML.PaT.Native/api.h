// The whole C surface of the library: the managed half imports exactly these functions (a test compares both).
// Status codes: 0 is success; otherwise pat_last_error() holds the first line of what went wrong, on this thread.
// A tensor is TorchSharp's handle, an at::Tensor*; results are assigned to handles that the caller made and releases.
#pragma once
#include <cstdint>

#define PAT_EXPORT extern "C" __attribute__((visibility("default")))

// library.cpp
PAT_EXPORT const char* pat_last_error();
PAT_EXPORT const char* pat_built_against();
PAT_EXPORT const char* pat_configuration();

// store.cpp: a key-value store over TCP that one process keeps for a group. Times in milliseconds.
PAT_EXPORT int32_t pat_store_open(const char* host, int32_t port, int32_t serves, int64_t timeout, void** store);
PAT_EXPORT int32_t pat_store_set(void* store, const char* key, const void* value, int64_t length);
PAT_EXPORT int32_t pat_store_has(void* store, const char* key, int32_t* has);
// What does not fit into the capacity is left out; the length is the whole one.
PAT_EXPORT int32_t pat_store_get(void* store, const char* key, void* value, int64_t capacity, int64_t* length);
PAT_EXPORT int32_t pat_store_add(void* store, const char* key, int64_t amount, int64_t* sum);
PAT_EXPORT int32_t pat_store_release(void* store);

// group.cpp: collectives of a group. Each call begins one on every rank, in the same order; the work is done when waiting says so.
enum pat_reduction : int32_t { PAT_SUM = 0, PAT_MIN = 1, PAT_MAX = 2 };
PAT_EXPORT int32_t pat_group_backends(int32_t* gloo, int32_t* nccl);
PAT_EXPORT int32_t pat_group_open(void* store, const char* prefix, int32_t rank, int32_t size, const char* address, const char* interface, int32_t nccl, int64_t timeout, void** group);
// Lets go of the store, which a group needs only to connect: what is left of it would end the process when the store's server is lost.
PAT_EXPORT int32_t pat_group_forget_store(void* group);
PAT_EXPORT int32_t pat_group_all_reduce(void* group, void* tensor, int32_t reduction, void** work);
PAT_EXPORT int32_t pat_group_broadcast(void* group, void* tensor, int32_t root, void** work);
PAT_EXPORT int32_t pat_group_all_gather(void* group, const void* tensor, void* const* results, int32_t count, void** work);
PAT_EXPORT int32_t pat_group_release(void* group);
PAT_EXPORT int32_t pat_work_wait(void* work, int64_t timeout, int32_t* done);
PAT_EXPORT int32_t pat_work_release(void* work);

// reducer.cpp: sums gradients over a group, slice by slice of one buffer, while the backward pass still makes the others.
PAT_EXPORT int32_t pat_reducer_new(void* group, void* const* parameters, const int32_t* bucket_of, int32_t count, void* const* buckets, int32_t bucket_count, void** reducer);
PAT_EXPORT int32_t pat_reducer_arm(void* reducer);
PAT_EXPORT int32_t pat_reducer_launch_rest(void* reducer, int32_t* early);
PAT_EXPORT int32_t pat_reducer_wait(void* reducer, int64_t timeout, int32_t* done);
PAT_EXPORT int32_t pat_reducer_release(void* reducer);

// batch_norm.cpp: batch normalisation whose statistics are those of the batches of all ranks together.
PAT_EXPORT int32_t pat_batch_norm(void* group, const void* input, const void* scale, const void* shift, void* running_mean, void* running_variance, double momentum, double epsilon, void* output);

// precision.cpp: autocast, on this thread and between begin and end only; the process's cuDNN setting.
enum pat_precision : int32_t { PAT_BFLOAT16 = 1, PAT_FLOAT16 = 2 };
PAT_EXPORT int32_t pat_autocast_begin(int32_t cuda, int32_t precision);
PAT_EXPORT int32_t pat_autocast_end(int32_t cuda);
PAT_EXPORT int32_t pat_cudnn_benchmark(int32_t enabled);
