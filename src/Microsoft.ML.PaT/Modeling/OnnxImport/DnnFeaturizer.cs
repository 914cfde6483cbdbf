using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// The ResNet-18 of the package Microsoft.ML.DnnImageFeaturizer.ResNet18, exported by CNTK 2.6: a network with stages
/// of 2, 2, 2 and 3 blocks whose output is its features. Its input is blue, green and red minus a mean image.
/// </summary>
internal static class DnnFeaturizer
{
    private const string InputName = "Input247", OutputName = "Pooling395_Output_0", Classifier = "fc";
    private const int Classes = 1000;

    /// <summary>
    /// The mean of the package's mean image over its pixels, because images have any size. Pixels range from 0 to 255,
    /// so the deviation is 1 / 255.
    /// </summary>
    private static readonly Normalization s_normalization =
        new([0.4829476f, 0.4545211f, 0.4041672f], [1 / 255f, 1 / 255f, 1 / 255f]);

    public static bool Is(OnnxModel model) =>
        model.Outputs is [{ Name: OutputName }] && model.Inputs.Any(i => i.Name == InputName);

    /// <summary>
    /// Imports the features, reorders the first convolution for red, green and blue, pools over images of any size, and
    /// adds a classifier with weights 0.
    /// </summary>
    /// <param name="path">Its file, whose name becomes that of the network.</param>
    /// <param name="given">Shape of the images; null to use the file's.</param>
    public static ImportedNetwork Import(OnnxModel model, string path, ImageShape? given)
    {
        using var scope = NewDisposeScope();
        var features = OnnxImporter.Import(model, path);
        var layers = features.Definition.Layers;
        var (pool, width) = (layers[^1], features.Definition.Classes);
        var definition = new NetworkDefinition(
            features.Definition.Name,
            given ?? features.Definition.Input,
            [
                .. layers.SkipLast(1),
                new GlobalAveragePoolLayer(pool.Name, pool.Inputs),
                new LinearLayer(Classifier, [pool.Name], width, Classes),
            ]);
        var weights = features.Weights.ToDictionary();
        var first = layers.OfType<ConvolutionLayer>().First().Name + ".weight";
        using var colors = weights[first];
        weights[first] = colors.flip(1).DetachFromDisposeScope();
        weights[$"{Classifier}.weight"] = zeros(Classes, width).DetachFromDisposeScope();
        weights[$"{Classifier}.bias"] = zeros(Classes).DetachFromDisposeScope();
        return features with { Definition = definition, Weights = weights, Normalization = s_normalization };
    }
}
