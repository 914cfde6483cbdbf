using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns. It takes over the handle, and the place in a dispose scope, of the tensor it is made from.</summary>
    public class Parameter : Tensor
    {
        public Parameter(Tensor data, bool requires_grad = true) : this(data.Scope, data.MoveHandle(), requires_grad) { }

        private Parameter(DisposeScope? scope, IntPtr handle, bool requires_grad) : base(handle)
        {
            MoveToOtherDisposeScope(scope);
            this.requires_grad = requires_grad;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
