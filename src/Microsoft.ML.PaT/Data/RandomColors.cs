using Microsoft.ML.PaT.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Changes brightness, contrast and saturation of each image at random: <see cref="ColorJitter"/>. Owns its constant.
/// </summary>
/// <param name="device">Device of the batches.</param>
internal sealed class RandomColors(ColorJitter jitter, Device device) : IDisposable
{
    /// <summary>Luma weights of red, green and blue (ITU-R BT.601).</summary>
    private static readonly float[] s_luma = [0.299f, 0.587f, 0.114f];

    private static readonly Scalar s_white = 255.ToScalar();

    private readonly Tensor _luma = tensor(s_luma).view(1, 3, 1, 1).to(device).DetachFromDisposeScope();

    public bool IsOn => jitter.Brightness > 0 || jitter.Contrast > 0 || jitter.Saturation > 0;

    /// <summary>Changes a batch in place.</summary>
    /// <param name="images">float [N,3,H,W], 0 to 255.</param>
    /// <param name="generator">Random number generator.</param>
    /// <param name="slice">Slice of the batch; null for the whole batch.</param>
    public void Change(Tensor images, Generator generator, BatchSlice? slice = null)
    {
        using var scope = NewDisposeScope();
        BatchSlice of = slice ?? images.shape[0];
        if (jitter.Brightness > 0) images.mul_(Factors(jitter.Brightness)).clamp_(Scalars.Zero, s_white);
        if (jitter.Contrast > 0) Spread(Gray().mean([2, 3], true), jitter.Contrast);
        if (jitter.Saturation > 0) Spread(Gray(), jitter.Saturation);

        Tensor Gray() => (images * _luma).sum(1, true);

        Tensor Factors(double strength) => Signed().Times(strength).Plus(1);

        // Uniform from -1 to 1.
        Tensor Signed() => of.Of(RandomDraws.Uniform(generator, device, of.Total, 1, 1, 1), 0).Times(2).Plus(-1);

        void Spread(Tensor around, double strength) =>
            images.sub_(around).mul_(Factors(strength)).Plus_(around).clamp_(Scalars.Zero, s_white);
    }

    public void Dispose() => _luma.Dispose();
}
