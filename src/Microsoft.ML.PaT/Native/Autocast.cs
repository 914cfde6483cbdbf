using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Computes in a narrower type between its making and its disposal, on this thread.</summary>
internal readonly struct Autocast : IDisposable
{
    private readonly int _cuda;
    private readonly bool _isOn;

    private Autocast(bool cuda, Precision precision)
    {
        (_cuda, _isOn) = (cuda ? 1 : 0, true);
        PatNative.Check(NativeMethods.pat_autocast_begin(_cuda, (int)precision));
    }

    /// <summary>Sees to it that a run can compute so, and lets cuDNN choose its algorithms by trying them where it can be told to.</summary>
    /// <exception cref="NativeLibraryMissingException">Another precision than float32 needs the native library, and it is absent or does not fit.</exception>
    /// <exception cref="InvalidOptionsException">float16 on a CPU.</exception>
    public static void Prepare(Device device, Precision precision)
    {
        var cuda = device.type == DeviceType.CUDA;
        if (precision == Precision.Float16 && !cuda)
            throw new InvalidOptionsException("Training.Precision is Float16, and the run trains on a CPU, which has no float16 convolutions. Use Bfloat16, Float32, or a GPU.");
        if (precision != Precision.Float32) PatNative.Require($"Training.Precision = {precision}");
        // Batches of a run have one or two sizes, so that trying pays.
        if (cuda && PatNative.IsAvailable) PatNative.Check(NativeMethods.pat_cudnn_benchmark(1));
    }

    /// <summary>Begins; float32 changes nothing.</summary>
    public static Autocast Begin(Device device, Precision precision) => precision == Precision.Float32 ? default : new(device.type == DeviceType.CUDA, precision);

    public void Dispose()
    {
        if (_isOn) PatNative.Check(NativeMethods.pat_autocast_end(_cuda));
    }
}
