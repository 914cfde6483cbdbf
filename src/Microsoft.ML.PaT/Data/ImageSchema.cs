using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Data;

/// <summary>What the columns of a training set say about a run, before its images are read.</summary>
internal static class ImageSchema
{
    /// <summary>The network, the shape of its images, and the classes in the schema of a training set.</summary>
    /// <exception cref="InvalidOptionsException">The network takes neither RGB nor gray images, or the options are for
    /// images of other channels.</exception>
    /// <exception cref="InvalidImageDataException">The label column is missing, is not a key with values, or has only
    /// one class.</exception>
    public static (FittingNetwork Network, LabelValues Labels) Expect(
        NetworkArchitecture? network, ImageDataOptions options, IDataView data)
    {
        var labels = LabelValues.Of(Columns.Find(data.Schema, options.LabelColumn, "label"));
        var fitting = FittingNetwork.Of(network, options, data);
        ImageColors.Require(fitting.Shape);
        ImageColors.RequireFitting(options.Images, fitting.Shape);
        return labels.Names.Count >= 2
            ? (fitting, labels)
            : throw new InvalidImageDataException(
                ErrorCodes.SingleClass,
                $"The label column '{options.LabelColumn}' has one class ('{labels.Names[0]}'); a classifier needs "
                    + "at least two.");
    }
}
