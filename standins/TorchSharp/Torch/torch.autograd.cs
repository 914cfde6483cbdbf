using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Differentiation of what was computed.</summary>
    public static unsafe class autograd
    {
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            IntPtr[] from = Handles(tensors), gradients = Handles(grad_tensors), to = Handles(inputs);
            fixed (IntPtr* f = from, g = gradients, t = to)
                Status.Check(NativeMethods.sts_backward(f, from.Length, g, gradients.Length, (retain_graph ?? create_graph) ? 1 : 0, create_graph ? 1 : 0, t, to.Length));
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>The gradients of the outputs' sum with respect to each input (null for one that is unused, where that is allowed).</summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            IntPtr[] from = Handles(outputs), to = Handles(inputs), gradients = Handles(grad_outputs);
            var results = new IntPtr[to.Length];
            fixed (IntPtr* f = from, t = to, g = gradients, r = results)
                Status.Check(NativeMethods.sts_grad(f, from.Length, t, to.Length, g, gradients.Length, (retain_graph || create_graph) ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, handle => handle == IntPtr.Zero ? null! : new Tensor(handle));
        }

        private static IntPtr[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor is null ? IntPtr.Zero : tensor.Handle)];
    }

    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_grad_enabled()
    {
        Status.Check(NativeMethods.sts_grad_mode_get(out int enabled));
        return enabled != 0;
    }

    public static bool is_inference_mode_enabled()
    {
        Status.Check(NativeMethods.sts_inference_mode_get(out int enabled));
        return enabled != 0;
    }

    /// <summary>Switches the recording of operators on this thread, until it is disposed.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();
        private bool _left;

        internal GradMode(bool enabled) => Status.Check(NativeMethods.sts_grad_mode_set(enabled ? 1 : 0));

        public void Dispose()
        {
            if (_left) return;
            _left = true;
            Status.Check(NativeMethods.sts_grad_mode_set(_before ? 1 : 0));
        }
    }

    private sealed class InferenceMode : IDisposable
    {
        private IntPtr _guard;

        internal InferenceMode(bool enabled) => Status.Check(NativeMethods.sts_inference_mode_enter(enabled ? 1 : 0, out _guard));

        public void Dispose()
        {
            var guard = Interlocked.Exchange(ref _guard, IntPtr.Zero);
            if (guard != IntPtr.Zero) Status.Check(NativeMethods.sts_inference_mode_leave(guard));
        }
    }
}
