// A project of Model Builder that uses this library as its trainer: trains, evaluates and predicts.
// ImageModel IMAGES [EPOCHS]
//   IMAGES   a folder with one folder of images for each class
// Writes ImageModel.mlnet into the current folder.
using Microsoft.ML.PaT;
using PaT.Samples;

if (args.Length > 1) ImageModel.Epochs = int.Parse(args[1]);
ImageModel.Train(ImageModel.MLNetModelPath, args[0]);
var metrics = ImageModel.Evaluate(ImageModel.MLNetModelPath, args[0]);
Console.WriteLine($"accuracy on the images trained on: {metrics.MicroAccuracy:P1}");

var first = ImageFolder.Read(args[0]).Training[0];
Console.WriteLine($"{first.ImagePath}:");
foreach (var (label, score) in ImageModel.PredictAllLabels(new ImageModel.ModelInput { ImageSource = first.Image }))
    Console.WriteLine($"  {label}: {score:P1}");
