// Describes a network layer by layer, trains it, and prunes half of its channels halfway through.
// CustomNetwork IMAGES [EPOCHS]
//   IMAGES   a folder with one folder of images for each class
// Writes mine.json (a network for `pat train --network`), report.json and report.html into the current folder.
using Microsoft.ML;
using Microsoft.ML.PaT;

var epochs = args.Length > 1 ? int.Parse(args[1]) : 20;

// A residual block and two branches. The library derives the channel groups from the layers.
var mine = new NetworkArchitecture("mine", new(3, 32, 32), (input, classes) =>
{
    var net = new NetworkBuilder("mine", input);
    var x = net.Relu("relu1", net.BatchNorm("bn1",
        net.Convolution("conv1", NetworkDefinition.InputName, channels: 32, kernel: 3)));
    x = net.Residual("block", x,
        y => net.BatchNorm("block.bn", net.Convolution("block.conv", y, channels: 32, kernel: 3)));
    x = net.Branches("mix", net.MaxPool("pool", net.Relu("relu2", x), kernel: 2, stride: 2),
        y => net.Convolution("mix.narrow", y, channels: 16, kernel: 1),
        y => net.Convolution("mix.wide", y, channels: 48, kernel: 3));
    net.Linear("classifier", net.GlobalAveragePool("mean", net.Relu("relu3", x)), classes);
    return net.Build();
});

var ml = new MLContext(seed: 1);
var data = ml.Data.LoadFromEnumerable(ImageFolder.Read(args[0]).Training);
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
    {
        Network = mine,
        Pruning = new() { Policy = PruningPolicy.AtEpoch(epochs / 2), Target = PruningTarget.Channels(0.5) },
        Training = new() { Epochs = epochs, BatchSize = 32 },
    }));

using var model = pipeline.Fit(data);
var (classifier, report) = (model.LastTransformer.Model, model.LastTransformer.Report);
File.WriteAllText("mine.json", mine.Build(classifier.Input, classifier.Classes.Count).ToJson());
report.WriteJson("report.json");
HtmlReport.Write(report, "report.html");
foreach (var (layer, widths) in report.Widths) Console.WriteLine($"{layer}: {widths[0]} -> {widths[1]} channels");
