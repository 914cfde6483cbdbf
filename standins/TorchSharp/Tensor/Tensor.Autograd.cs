using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Info.RequiresGrad != 0;
            set
            {
                Status.Check(NativeMethods.sts_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf => Info.IsLeaf != 0;

        public void retain_grad()
        {
            Status.Check(NativeMethods.sts_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>The gradient, as a tensor of its own over the same memory; null where there is none.</summary>
        public Tensor? grad
        {
            get
            {
                Status.Check(NativeMethods.sts_get_grad(Handle, out var grad));
                GC.KeepAlive(this);
                return grad == IntPtr.Zero ? null : new Tensor(grad);
            }
            set
            {
                Status.Check(NativeMethods.sts_set_grad(Handle, value is null ? IntPtr.Zero : value.Handle));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
            => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
