using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor: one handle to an at::Tensor, which the innermost dispose scope of the creating thread owns, or nobody.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;
        private IntPtr _handle;

        internal Tensor(IntPtr handle)
        {
            _handle = handle;
            long total = Interlocked.Increment(ref s_total);
            if (total > Volatile.Read(ref s_peak)) Volatile.Write(ref s_peak, total);
            DisposeScopeManager.OfThread.Created(this);
        }

        ~Tensor() => Dispose(false);

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        public static long TotalCount => Interlocked.Read(ref s_total);
        public static long PeakCount => Interlocked.Read(ref s_peak);

        internal DisposeScope? Scope { get; set; }

        /// <summary>Where the scope keeps this tensor.</summary>
        internal int Slot { get; set; }

        public IntPtr Handle => _handle != IntPtr.Zero
            ? _handle
            : throw new InvalidOperationException("Tensor invalid -- it was disposed, or its handle was taken away.");

        public bool IsInvalid => _handle == IntPtr.Zero;

        public string? name { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, IntPtr.Zero);
            if (handle == IntPtr.Zero) return;
            if (disposing)
            {
                DisposeScopeManager.OfThread.Disposing(this);
                Scope?.Release(this);
            }
            Interlocked.Decrement(ref s_total);
            int status = NativeMethods.sts_tensor_release(handle);
            if (disposing) Status.Check(status); // a finaliser must not throw
        }

        /// <summary>Hands the handle to the caller, who releases it from now on.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            var handle = Handle;
            Scope?.Release(this);
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref s_total);
            _handle = IntPtr.Zero;
            return handle;
        }

        /// <summary>A parameter takes over the handle of the tensor it is made from.</summary>
        internal IntPtr MoveHandle()
        {
            DisposeScopeManager.OfThread.Disposing(this);
            return DecoupleFromNativeHandle();
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.Scope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (Scope is not null) Scope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both have the same shape and the same elements.</summary>
        public bool Equals(Tensor target) => Op.CallBool("equal", this, target);

        public override int GetHashCode() => base.GetHashCode();
    }

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.New();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Current;

    /// <summary>Evaluates an expression in a scope of its own and hands its result to the scope around it.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
