namespace Microsoft.ML.PaT;

/// <summary>Estimators that prune what they train while they train it. Obtained by <c>ml.PaT()</c>.</summary>
public sealed class PaTCatalog
{
    private readonly MLContext _ml;

    internal PaTCatalog(MLContext ml) => _ml = ml;

    /// <summary>An image classifier that is trained from scratch and loses a share of its channels on the way.</summary>
    /// <param name="labelColumnName">The key column with the class of a picture.</param>
    /// <param name="imageColumnName">The column with the picture: <c>MLImage</c>, encoded bytes or a vector of pixels.</param>
    /// <param name="network">The network to train; default <see cref="Networks.ResNet20"/>.</param>
    /// <param name="channels">The share of the channels to remove, fraction between 0 and 1.</param>
    /// <param name="epochs">Passes over the training pictures.</param>
    /// <remarks>See <see cref="ImageClassification(PruningAwareTrainingOptions)"/> for columns, characteristics and everything that can be set.</remarks>
    public PruningAwareTrainingEstimator ImageClassification(
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        NetworkArchitecture? network = null,
        double channels = 0.5,
        int epochs = 30) => ImageClassification(new()
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            Network = network ?? Networks.ResNet20,
            Pruning = new() { Target = PruningTarget.Channels(channels) },
            Training = new() { Epochs = epochs },
        });

    /// <summary>An image classifier that is trained from scratch and loses a share of its channels on the way.</summary>
    /// <param name="options">Everything that can be set.</param>
    /// <remarks><inheritdoc cref="PruningAwareTrainingEstimator" path="/remarks"/></remarks>
    public PruningAwareTrainingEstimator ImageClassification(PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_ml, options);
    }
}
