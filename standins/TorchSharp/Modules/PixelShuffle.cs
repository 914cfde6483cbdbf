using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>[N, C r^2, H, W] to [N, C, H r, W r].</summary>
public sealed class PixelShuffle : Module<Tensor, Tensor>
{
    private readonly long _upscale_factor;

    internal PixelShuffle(long upscale_factor) : base(nameof(PixelShuffle))
    {
        _upscale_factor = upscale_factor;
    }

    public override Tensor forward(Tensor tensor) => functional.pixel_shuffle(tensor, _upscale_factor);
}
