namespace PaT.Cli;

/// <summary>A network of one's own, layer by layer, trained and pruned like any other.</summary>
internal static class CustomNetwork
{
    /// <summary>Runs the sample; writes <c>mine.json</c>, which <c>--network</c> takes, <c>report.json</c> and <c>report.html</c>.</summary>
    /// <param name="settings">Images and where results go.</param>
    public static RunReport Run(ExampleSettings settings)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(LabeledFile.In(settings.Images));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"))
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Network = Describe(),
                Pruning = new() { Policy = PruningPolicy.AtEpoch(settings.Epochs / 2), Target = PruningTarget.Channels(0.5) },
                Training = new() { Epochs = settings.Epochs, BatchSize = 32 },
                Progress = settings.Progress,
                CancellationToken = settings.CancellationToken,
            }));

        using var model = pipeline.Fit(data);
        var transformer = model.OfType<PruningAwareTrainingTransformer>().Single();
        File.WriteAllText(settings.File("mine.json"), Describe().Build(transformer.Model.Input, transformer.Model.Classes.Count).ToJson());
        transformer.Report.WriteJson(settings.File("report.json"));
        HtmlReport.Write(transformer.Report, reference: null, settings.File("report.html"));
        foreach (var (layer, widths) in transformer.Report.Widths)
        {
            settings.Log.WriteLine($"{layer}: {widths[0]} -> {widths[1]} channels");
        }

        return transformer.Report;
    }

    /// <summary>A residual block and two branches; nothing says what is coupled, that follows from the layers.</summary>
    private static NetworkArchitecture Describe()
    {
        var mine = new NetworkArchitecture("mine", new(3, 32, 32), (input, classes) =>
        {
            var net = new NetworkBuilder("mine", input);
            var x = net.Relu("relu1", net.BatchNorm("bn1", net.Convolution("conv1", NetworkDefinition.InputName, channels: 32, kernel: 3)));
            x = net.Residual("block", x, y => net.BatchNorm("block.bn", net.Convolution("block.conv", y, channels: 32, kernel: 3)));
            x = net.Branches("mix", net.MaxPool("pool", net.Relu("relu2", x), kernel: 2, stride: 2),
                y => net.Convolution("mix.narrow", y, channels: 16, kernel: 1),
                y => net.Convolution("mix.wide", y, channels: 48, kernel: 3));
            net.Linear("classifier", net.GlobalAveragePool("mean", net.Relu("relu3", x)), classes);
            return net.Build();
        });
        return mine;
    }
}
