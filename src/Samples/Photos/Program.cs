// Fine-tunes ResNet-18 on a folder of photographs, prunes it during training, and exports a compact ONNX model.
// Photos IMAGES SIZE EPOCHS
//   IMAGES   a folder with one folder of photographs for each class
//   SIZE     height and width that they are resized to
// Writes compact.onnx into the current folder.
using Microsoft.ML.PaT;

var (size, recipe) = (int.Parse(args[1]), RecipePresets.FineTune);
using var photographs = ImageDataset.FromFolder(args[0], new(3, size, size), recipe.Images.Resizing);
using var trained = PruningTrainer.Train(photographs, new(recipe with
{
    Network = Networks.PretrainedResNet18(),
    Training = recipe.Training with { Epochs = int.Parse(args[2]) },
    Pruning = recipe.Pruning with { Target = PruningTarget.Macs(0.5) },
}));
trained.Classifier.SaveOnnx("compact.onnx");
Console.WriteLine($"accuracy {trained.Report.Epochs[^1].Accuracy:P1}, {trained.Report.Compact?.Macs:N0} MACs");
