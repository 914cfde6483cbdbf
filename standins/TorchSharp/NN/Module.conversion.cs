using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireReal(dtype);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireReal(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => Convert(dtype, null, non_blocking);
            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => Convert(dtype, device, non_blocking);
            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) => Convert(null, new Device(deviceType, deviceIndex), non_blocking);

            private void Convert(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (device?.type == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is { } type) child._to(device, type, non_blocking);
                    else child._to(device.type, device.index, non_blocking);
                }
                var fields = ComponentFields().GroupBy(ComponentName).ToDictionary(group => group.Key, group => group.First());
                using var unrecorded = no_grad();
                foreach (var (name, parameter) in Enumerable.ToList<(string, Parameter)>(_internal_params))
                {
                    if (Moved(parameter, dtype, device, non_blocking) is not { } moved) continue;
                    using var grad = parameter.grad;
                    var replacement = (Parameter)new Parameter(moved, parameter.requires_grad).DetachFromDisposeScope();
                    if (grad is not null) replacement.grad = grad.to(replacement.dtype, replacement.device, non_blocking: non_blocking);
                    Replace(name, parameter, replacement);
                    _internal_params[name] = replacement;
                }
                foreach (var (name, (buffer, persistent)) in Enumerable.ToList<(string, (Tensor, bool))>(_internal_buffers))
                {
                    if (Moved(buffer, dtype, device, non_blocking) is not { } moved) continue;
                    moved.DetachFromDisposeScope();
                    Replace(name, buffer, moved);
                    _internal_buffers[name] = (moved, persistent);
                }

                void Replace(string name, Tensor before, Tensor after)
                {
                    if (fields.TryGetValue(name, out var field) && ReferenceEquals(field.GetValue(this), before)) field.SetValue(this, after);
                    before.Dispose();
                }
            }

            /// <summary>The converted tensor, or null where it is already as asked. Integers keep their type.</summary>
            private static Tensor? Moved(Tensor tensor, ScalarType? dtype, Device? device, bool non_blocking)
            {
                var type = dtype is { } wanted && (tensor.is_floating_point() || tensor.is_complex()) ? wanted : tensor.dtype;
                var target = device ?? tensor.device;
                bool there = target.type == tensor.device_type && (target.index < 0 || target.index == tensor.device_index);
                return there && type == tensor.dtype ? null : tensor.to(type, target, non_blocking: non_blocking);
            }

            private static void RequireReal(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }
        }
    }
}
