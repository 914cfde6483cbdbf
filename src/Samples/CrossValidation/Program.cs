// Measures the spread of the accuracy with ML.NET's cross-validation: each fold trains and prunes its own network.
// CrossValidation IMAGES [EPOCHS] [FOLDS]
//   IMAGES   a folder with one folder of images for each class
using Microsoft.ML;
using Microsoft.ML.PaT;

var epochs = args.Length > 1 ? int.Parse(args[1]) : 20;
var folds = args.Length > 2 ? int.Parse(args[2]) : 3;

var ml = new MLContext(seed: 1);
var files = ml.Data.LoadFromEnumerable(ImageFolder.Read(args[0]).Training);

// The keys are created once, so that they mean the same classes in every fold.
var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(files).Transform(files);
var pipeline = ml.PaT().ImageClassification(new PruningAwareTrainingOptions
{
    Pruning = new() { Target = PruningTarget.Channels(0.5) },
    Training = new() { Epochs = epochs, BatchSize = 32 },
});

var results = ml.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: folds, seed: 1);
foreach (var fold in results)
{
    var report = ((PruningAwareTrainingTransformer)fold.Model).Report;
    Console.WriteLine($"fold {fold.Fold}: accuracy {fold.Metrics.MicroAccuracy:P1}, "
        + $"{report.Compact?.Parameters:N0} parameters left of {report.Dense.Parameters:N0}");
    (fold.Model as IDisposable)?.Dispose();
}

var accuracies = results.Select(r => r.Metrics.MicroAccuracy).ToList();
var mean = accuracies.Average();
var deviation = Math.Sqrt(accuracies.Sum(a => Math.Pow(a - mean, 2)) / (accuracies.Count - 1));
Console.WriteLine($"accuracy {mean:P1}, standard deviation {deviation:P1}, {folds} folds");
