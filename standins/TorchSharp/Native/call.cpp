// Operators by name through c10::Dispatcher, arguments and results boxed.
#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include "guard.h"

namespace {

// c10's own optional in libtorch 1.x, the standard one later.
using optional_tensor = decltype(std::declval<const c10::IValue&>().toOptionalTensorVector())::value_type;

c10::Device to_device(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(packed >> 16), static_cast<int8_t>(static_cast<int16_t>(packed & 0xffff)));
}

c10::IValue to_ivalue(const sts_value& v) {
  switch (v.tag) {
    case STS_NONE:
      return c10::IValue();
    case STS_TENSOR:
      return sts::tensor(v.pointer);
    case STS_INT:
      return v.integer;
    case STS_DOUBLE:
      return v.real;
    case STS_BOOL:
      return v.integer != 0;
    case STS_INTS:
      return c10::IntArrayRef(static_cast<const int64_t*>(v.pointer), static_cast<size_t>(v.length));
    case STS_DOUBLES: {
      const auto* first = static_cast<const double*>(v.pointer);
      return std::vector<double>(first, first + v.length);
    }
    case STS_TENSORS: {
      const auto* handles = static_cast<const void* const*>(v.pointer);
      c10::List<at::Tensor> list;
      list.reserve(v.length);
      for (int32_t i = 0; i < v.length; ++i) list.push_back(sts::tensor(handles[i]));
      return list;
    }
    case STS_OPTIONAL_TENSORS: {
      const auto* handles = static_cast<const void* const*>(v.pointer);
      c10::List<optional_tensor> list;
      list.reserve(v.length);
      for (int32_t i = 0; i < v.length; ++i)
        list.push_back(handles[i] ? optional_tensor(sts::tensor(handles[i])) : optional_tensor());
      return list;
    }
    case STS_DEVICE:
      return to_device(v.integer);
    case STS_STRING:
      return std::string(static_cast<const char*>(v.pointer), static_cast<size_t>(v.length));
    case STS_GENERATOR:
      return *static_cast<const at::Generator*>(v.pointer);
    case STS_COMPLEX: {
      const auto* parts = static_cast<const double*>(v.pointer);
      return c10::complex<double>(parts[0], parts[1]);
    }
    default:
      TORCH_CHECK(false, "unknown argument tag ", v.tag);
  }
}

sts_value from_ivalue(c10::IValue& value) {
  sts_value result{STS_NONE, 0, {0}};
  if (value.isTensor()) {
    auto t = std::move(value).toTensor();
    if (!t.defined()) return result;
    result.tag = STS_TENSOR;
    result.pointer = sts::to_handle(std::move(t));
  } else if (value.isInt()) {
    result.tag = STS_INT;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = STS_DOUBLE;
    result.real = value.toDouble();
  } else if (value.isBool()) {
    result.tag = STS_BOOL;
    result.integer = value.toBool();
  } else if (value.isTensorList()) {
    auto list = value.toTensorVector();
    auto** handles = new void*[list.size()];
    for (size_t i = 0; i < list.size(); ++i) handles[i] = sts::to_handle(std::move(list[i]));
    result.tag = STS_TENSORS;
    result.length = static_cast<int32_t>(list.size());
    result.pointer = handles;
  } else {
    TORCH_CHECK(value.isNone(), "an operator returned a ", value.tagKind(), ", which has no managed counterpart");
  }
  return result;
}

}  // namespace

int32_t sts_find(const char* name, const char* overload, const void** op) {
  return sts::guarded([&] {
    // The dispatcher keeps schemas for the life of the process, and so does the handle.
    *op = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

int32_t sts_call(const void* op, const sts_value* arguments, int32_t count, sts_value* results, int32_t capacity, int32_t* returned) {
  return sts::guarded([&] {
    const auto& handle = *static_cast<const c10::OperatorHandle*>(op);
    const auto& schema = handle.schema();
    const auto expected = schema.arguments().size();
    TORCH_CHECK(static_cast<size_t>(count) <= expected, schema.name(), " takes ", expected, " arguments, ", count, " were given");
    torch::jit::Stack stack;
    stack.reserve(std::max(expected, schema.returns().size()));
    for (int32_t i = 0; i < count; ++i) stack.emplace_back(to_ivalue(arguments[i]));
    for (size_t i = static_cast<size_t>(count); i < expected; ++i) {
      const auto& argument = schema.arguments()[i];
      TORCH_CHECK(argument.default_value().has_value(), schema.name(), " wants a value for ", argument.name());
      stack.emplace_back(*argument.default_value());
    }
    handle.callBoxed(&stack);
    const auto n = std::min(static_cast<size_t>(capacity), stack.size());
    for (size_t i = 0; i < n; ++i) results[i] = from_ivalue(stack[i]);
    *returned = static_cast<int32_t>(n);
  });
}

int32_t sts_list_release(const void* handles) {
  return sts::guarded([&] { delete[] static_cast<void* const*>(handles); });
}
