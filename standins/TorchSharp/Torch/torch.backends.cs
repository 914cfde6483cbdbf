using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Switches of the libraries that libtorch computes with.</summary>
    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32 { get => Switches.Get(Switch.MatmulTf32); set => Switches.Set(Switch.MatmulTf32, value); }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32 { get => Switches.Get(Switch.CudnnTf32); set => Switches.Set(Switch.CudnnTf32, value); }
        }
    }
}
