using Microsoft.ML.PaT.Modeling.Zoo;

namespace PaT.Cli;

/// <summary>Starts from weights that were trained elsewhere, for other classes; trains; then prunes, and retrains on a cyclic schedule (CLR).</summary>
/// <remarks>
/// Weights come as safetensors with PyTorch's names. In Python:
/// <c>safetensors.torch.save_file(torchvision.models.resnet18(weights="DEFAULT").state_dict(), "resnet18.safetensors")</c>.
/// </remarks>
internal static class Transfer
{
    /// <summary>Runs the sample; writes <c>model.zip</c> and <c>compact.safetensors</c>.</summary>
    /// <param name="settings">Images and where results go.</param>
    /// <param name="weights">Weights of a ResNet-18, for any number of classes.</param>
    public static RunReport Run(ExampleSettings settings, string weights)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(LabeledFile.In(settings.Images));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"))
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Network = Networks.ByName("resnet18"),
                Weights = new(weights) { ResetClassifier = true },
                Images = new() { Height = 64, Width = 64, Normalization = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]) },
                Training = new() { Epochs = settings.Epochs, LearningRate = 0.02, BatchSize = 32 },
                Pruning = new()
                {
                    Policy = PruningPolicy.AfterTraining,
                    Target = PruningTarget.Channels(0.3),
                    Retraining = new() { Schedule = RetrainingSchedule.CyclicRestarting, Epochs = settings.Epochs },
                },
                Progress = settings.Progress,
                CancellationToken = settings.CancellationToken,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        using var model = pipeline.Fit(data);
        ml.Model.Save(model, data.Schema, settings.File("model.zip"));
        var transformer = model.OfType<PruningAwareTrainingTransformer>().Single();
        transformer.Model.SaveWeights(settings.File("compact.safetensors"));
        settings.Log.WriteLine($"parameters: {transformer.Report.Dense.Parameters:N0} dense, {transformer.Report.Compact?.Parameters:N0} compact");
        return transformer.Report;
    }
}
