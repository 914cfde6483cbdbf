// Trains, prunes and saves a classifier without ML.NET, and classifies image files with it.
// PlainTraining IMAGES EPOCHS IMAGE...
//   IMAGES   a folder with one folder of images for each class
// Writes model.pat and compact.onnx into the current folder; prints accuracy, parameters, and a line for each IMAGE.
using Microsoft.ML.PaT;

var network = Networks.ResNet20;
using var images = ImageDataset.FromFolder(args[0], network.StandardInput);
var (training, validation) = images.Split(validationFraction: 0.2, seed: 1);

using var trained = PruningTrainer.Train(training, validation, new PruningAwareTrainingOptions
{
    Network = network,
    Pruning = new() { Target = PruningTarget.Channels(0.5) },
    Training = new() { Epochs = int.Parse(args[1]), BatchSize = 32 },
});

var (classifier, report) = (trained.Classifier, trained.Report);
Console.WriteLine(
    $"accuracy {report.Epochs[^1].Accuracy:P1}, {report.Dense.Parameters} -> {report.Compact?.Parameters} parameters");
classifier.SaveArchive("model.pat");
classifier.SaveOnnx("compact.onnx");

using var loaded = ImageClassifier.Load("model.pat");
foreach (var file in args[2..])
{
    var prediction = loaded.Predict(file);
    Console.WriteLine($"{file}: {prediction.Label} ({prediction.Score:P1})");
}
