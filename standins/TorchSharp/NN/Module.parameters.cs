using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>A library module's parameter takes the place of the one before, which is disposed; no scope owns it.</summary>
            private protected void Set(string name, ref Parameter? field, Parameter? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterParameter(name, value);
            }

            private protected void Set(string name, ref Tensor? field, Tensor? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterBuffer(name, value);
            }

            /// <summary>The initial weights of convolutions and linear layers: uniform within 1/sqrt(fan in).</summary>
            private protected static Parameter FanInWeight(long[] shape, Device? device, ScalarType? dtype)
            {
                var weight = new Parameter(empty(shape, dtype, device));
                init.kaiming_uniform_(weight, Math.Sqrt(5));
                return weight;
            }

            private protected static Parameter FanInBias(long size, Tensor weight, Device? device, ScalarType? dtype)
            {
                var bias = new Parameter(empty(size, dtype, device));
                double bound = 1 / Math.Sqrt(Math.Max(1, init.CalculateFanInAndFanOut(weight).fanIn));
                init.uniform_(bias, -bound, bound);
                return bias;
            }
        }
    }
}
