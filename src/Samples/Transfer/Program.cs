// Fine-tunes weights that were trained for other classes, prunes, and retrains on a cyclic schedule (CLR).
// Transfer IMAGES WEIGHTS [EPOCHS]
//   IMAGES   a folder with one folder of images for each class
//   WEIGHTS  ResNet-18 weights as safetensors with PyTorch's names. In Python:
//            model = torchvision.models.resnet18(weights="DEFAULT")
//            safetensors.torch.save_file(model.state_dict(), "resnet18.safetensors")
// Writes model.zip and compact.safetensors into the current folder.
using Microsoft.ML;
using Microsoft.ML.PaT;

var (images, weights) = (args[0], args[1]);
var epochs = args.Length > 2 ? int.Parse(args[2]) : 20;

var ml = new MLContext(seed: 1);
var data = ml.Data.LoadFromEnumerable(ImageFolder.Read(images).Training);
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
    {
        Network = Networks.ByName("resnet18"),
        Weights = new(weights) { ResetClassifier = true },
        Images = new()
        {
            Height = 64,
            Width = 64,
            Normalization = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]),    // ImageNet's
        },
        Training = new() { Epochs = epochs, LearningRate = 0.02, BatchSize = 32 },
        Pruning = new()
        {
            Policy = PruningPolicy.AfterTraining,
            Target = PruningTarget.Channels(0.3),
            Retraining = new() { Schedule = RetrainingSchedule.CyclicRestarting, Epochs = epochs },
        },
        Observers =
        [
            IRunObserver.Of(happened =>
            {
                if (happened is EpochEnded) Console.Error.WriteLine(happened.Text);
            }),
        ],
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

using var model = pipeline.Fit(data);
ml.Model.Save(model, data.Schema, "model.zip");
var classifier = model.OfType<PruningAwareTrainingTransformer>().Single();
classifier.Model.SaveWeights("compact.safetensors");
var (dense, compact) = (classifier.Report.Dense, classifier.Report.Compact);
Console.WriteLine($"parameters: {dense.Parameters:N0} dense, {compact?.Parameters:N0} compact");
