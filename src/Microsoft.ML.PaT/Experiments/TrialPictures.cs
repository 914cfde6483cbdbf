namespace Microsoft.ML.PaT;

/// <summary>The pictures of an experiment, read once: one training and one validation set, or folds of one set. Owns them.</summary>
internal sealed class TrialPictures : IDisposable
{
    private readonly PictureStore _given, _training;
    private readonly PictureStore? _validation;
    private readonly int? _folds;
    private readonly int _seed;

    /// <summary>Takes pictures over.</summary>
    /// <param name="given">All pictures that may be trained on.</param>
    /// <param name="validation">The validation pictures; null to hold a share or folds out.</param>
    /// <param name="settings">How many folds, which share, and what decides which.</param>
    /// <exception cref="InvalidPicturesException">There are too few to hold any out.</exception>
    public TrialPictures(PictureStore given, PictureStore? validation, PruningExperimentSettings settings)
    {
        (_given, _training, _validation, _folds, _seed) = (given, given, validation, settings.Folds, settings.Seed);
        try
        {
            if (_folds is { } folds)
            {
                var least = Enumerable.Range(0, given.Classes.Count).Where(c => given.LabelCounts[c] > 0).MinBy(c => given.LabelCounts[c]);
                if (given.LabelCounts[least] < folds)
                    throw new InvalidPicturesException($"The class '{given.Classes[least]}' has {given.LabelCounts[least]} pictures, fewer than the {folds} folds. Take fewer folds, or more pictures of it.");
            }
            else if (validation is null)
            {
                (_training, _validation) = given.Split(settings.Options.Training.ValidationShare, settings.Options.Training.Seed);
                if (_validation.Count == 0) throw new InvalidPicturesException("There are too few pictures to hold any out. Give validation data, or a larger Training.ValidationShare.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How often a trial is trained.</summary>
    public int Runs => _folds ?? 1;

    /// <summary>What the pictures are, for the name of a trial.</summary>
    public string Kind => _folds is { } folds ? $"{folds} folds, seed {_seed}" : "one set";

    /// <summary>All training pictures, and the validation pictures if they are a set of their own.</summary>
    public (PictureStore Training, PictureStore? Validation) All => (_training, _validation);

    /// <summary>Trains on one of the folds, or on the one set.</summary>
    /// <param name="run">Which, from 0.</param>
    /// <param name="train">Receives training and validation pictures.</param>
    public T Use<T>(int run, Func<PictureStore, PictureStore, T> train)
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
