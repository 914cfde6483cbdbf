namespace TorchSharp
{
    /// <summary>What lies outside a tensor's edges.</summary>
    public enum PaddingModes { Zeros = 0, Reflect = 1, Replicate = 2, Circular = 3, Constant = 4 }

    public enum Padding { Valid = 0, Same = 1 }

    public static partial class torch
    {
        public enum InterpolationMode { Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4, Area = 5 }
        public enum UpsampleMode { Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4 }
        public enum GridSampleMode { Nearest = 0, Bilinear = 2 }
        public enum GridSamplePaddingMode { Zeros = 0, Reflection = 1, Border = 2 }

        public static partial class nn
        {
            /// <summary>What a loss makes of its per-element values.</summary>
            public enum Reduction : long { None = 0, Mean = 1, Sum = 2 }
        }
    }
}
