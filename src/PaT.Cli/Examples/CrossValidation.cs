namespace PaT.Cli;

/// <summary>How much of the accuracy is luck: ML.NET's own cross-validation, each fold trained and pruned anew.</summary>
internal static class CrossValidation
{
    /// <summary>Runs the sample.</summary>
    /// <param name="settings">Images and where results go.</param>
    /// <param name="folds">How many parts the images are split into; each is left out of training once.</param>
    /// <returns>The accuracy on each part.</returns>
    public static IReadOnlyList<double> Run(ExampleSettings settings, int folds = 3)
    {
        var ml = new MLContext(seed: 1);
        var files = ml.Data.LoadFromEnumerable(LabeledFile.In(settings.Images));

        // The keys are made once, so that they mean the same in every fold.
        var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(files).Transform(files);
        var pipeline = ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath")
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Pruning = new() { Target = PruningTarget.Channels(0.5) },
                Training = new() { Epochs = settings.Epochs, BatchSize = 32 },
                Progress = settings.Progress,
                CancellationToken = settings.CancellationToken,
            }));

        var results = ml.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: folds, seed: 1);
        foreach (var fold in results)
        {
            var report = ((IEnumerable<ITransformer>)fold.Model).OfType<PruningAwareTrainingTransformer>().Single().Report;
            settings.Log.WriteLine($"fold {fold.Fold}: accuracy {fold.Metrics.MicroAccuracy:P1}, {report.Compact?.Parameters:N0} parameters left of {report.Dense.Parameters:N0}");
            (fold.Model as IDisposable)?.Dispose();
        }

        var accuracies = results.Select(r => r.Metrics.MicroAccuracy).ToList();
        var mean = accuracies.Average();
        var deviation = Math.Sqrt(accuracies.Sum(a => Math.Pow(a - mean, 2)) / (accuracies.Count - 1));
        settings.Log.WriteLine($"accuracy {mean:P1}, standard deviation {deviation:P1}, {accuracies.Count} folds");
        return accuracies;
    }
}
