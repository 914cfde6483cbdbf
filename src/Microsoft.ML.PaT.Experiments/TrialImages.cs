namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Images of an experiment, read once: a training and a validation set, or folds of one set. Owns them.
/// </summary>
internal sealed class TrialImages : IDisposable
{
    private readonly ImageDataset _given, _training;
    private readonly ImageDataset? _validation;
    private readonly int? _folds;
    private readonly int _seed;

    /// <param name="given">All training images; owned by this object.</param>
    /// <param name="validation">The validation images; null to use a fraction or folds. Owned by this
    /// object.</param>
    /// <param name="settings">Number of folds, validation fraction and seed.</param>
    /// <exception cref="InvalidImageDataException">There are too few images for validation.</exception>
    public TrialImages(ImageDataset given, ImageDataset? validation, PruningExperimentSettings settings)
    {
        (_given, _training, _validation, _folds, _seed) = (given, given, validation, settings.Folds, settings.Seed);
        try
        {
            if (_folds is { } folds)
            {
                // Throws before the first trial if a class has too few images.
                var (rest, held) = given.Fold(folds, fold: 0, settings.Seed);
                rest.Dispose();
                held.Dispose();
            }
            else if (validation is null)
            {
                (_training, _validation) =
                    given.Split(settings.Options.Training.ValidationFraction, settings.Options.Seed);
                if (_validation.Count == 0)
                {
                    throw new InvalidImageDataException(
                        ErrorCodes.TooFewImages,
                        "There are too few images to use any for validation. Give validation data, or a larger "
                            + "Training.ValidationFraction.");
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Runs => _folds ?? 1;

    /// <summary>Kind of split; part of a trial's ID.</summary>
    public string Kind => _folds is { } folds ? $"{folds} folds, seed {_seed}" : "one set";

    public (ImageDataset Training, ImageDataset? Validation) All => (_training, _validation);

    public T Use<T>(int run, Func<ImageDataset, ImageDataset, T> train)
    {
        if (_folds is not { } folds) return train(_training, _validation!);
        var (training, validation) = _training.Fold(folds, run, _seed);
        using (training)
        using (validation) return train(training, validation);
    }

    public void Dispose()
    {
        if (!ReferenceEquals(_training, _given)) _training.Dispose();
        _validation?.Dispose();
        _given.Dispose(); // last: the parts share its pixels
    }
}
