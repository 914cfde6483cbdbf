using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Errors;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>The analysis of sensitivity on the images of a data view.</summary>
internal static class DataViewSensitivity
{
    private static readonly double[] s_ratios = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <param name="ratios">Fractions to remove; empty for the default ones.</param>
    /// <exception cref="PaTException">Options, weights, columns or images are invalid.</exception>
    public static SensitivityReport Measure(
        MLContext ml, IDataView data, PruningAwareTrainingOptions options, IReadOnlyList<double> ratios)
    {
        OptionsValidator.Validate(options);
        if (!options.HasWeights)
        {
            throw new InvalidOptionsException(
                ErrorCodes.WeightsMissing,
                "Sensitivity needs trained weights: set Weights to a safetensors file, an archive or "
                    + "an ONNX model, or Network to an ONNX model.");
        }
        if (ratios.Any(s => !(s is > 0 and < 1)))
        {
            throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid,
                $"Ratios are {string.Join(", ", ratios)}; each must be a fraction between 0 and 1, both excluded.");
        }
        using var torchScope = new TorchScope();
        var device = DeviceChoice.Of(options.Device, ml.GpuDeviceId, ml.FallbackToCpu);
        var (fitting, labels) = ImageSchema.Expect(options.Network, options.ImageData, data);
        options = options with { Network = fitting.Network };
        // The images may have fewer classes than the model, and in another order.
        if (options.Weights is { ResetClassifier: false } file && file.ReadImages().Classes is { } classes)
            labels = LabelValues.OfText(classes);
        using var channel = ((IHostEnvironment)ml).Register("Sensitivity").Start("Reading");
        using var images = DataViewImages.ReadGiven(
            new(options.ImageData, fitting.Shape, labels, new ChannelObserver(channel)), data, channel);
        try
        {
            return new SensitivityAnalysis(options, device)
                .Measure(images, ratios.Count > 0 ? [.. ratios.Order()] : s_ratios);
        }
        catch (ExternalException e) when (LibtorchError.IsFromLibtorch(e))
        {
            throw LibtorchError.Of($"Measuring {options.Network}", e);
        }
    }
}
