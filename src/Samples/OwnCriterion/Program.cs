// Prunes by a criterion defined here, SynFlow (Tanaka et al., NeurIPS 2020), and by the library's own.
// OwnCriterion IMAGES [EPOCHS]
//   IMAGES   a folder with one folder of images for each class
// Prints a line of JSON for each criterion: its name, and the channels that each layer keeps.
using System.Text.Json;
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Pruning.Scoring;
using static TorchSharp.torch;

var epochs = args.Length > 1 ? int.Parse(args[1]) : 20;
using var images = ImageDataset.FromFolder(args[0], Networks.ResNet20.StandardInput);

foreach (var criterion in new[] { new Flow(), Importance.SynFlow })
{
    using var trained = PruningTrainer.Train(
        images,
        new PruningAwareTrainingOptions
        {
            Pruning = new()
            {
                Criterion = criterion, Policy = PruningPolicy.AtInitialization,
                Target = PruningTarget.Channels(0.5), RoundTo = 1,
            },
            Training = new() { Epochs = epochs, BatchSize = 32 },
        });
    Console.WriteLine(JsonSerializer.Serialize(new { criterion = criterion.Name, widths = trained.Plan!.Widths }));
}

// The flow |w*dR/dw| of every filter. R is the sum of the outputs for an image of ones, with absolute weights.
internal sealed record Flow : Importance
{
    public override string Name => "flow";

    // Between two rounds the library masks the lowest channels, down to the target.
    public override int Rounds => 100;

    // The flow into a layer equals the flow out of it, so scores of different layers are comparable.
    public override ScoreNormalization DefaultNormalization => ScoreNormalization.None;

    public override Tensor Score(ImportanceContext context)
    {
        // The flow of a deep network exceeds float32. The probe is a copy; changing it does not change the training.
        using var probe = context.Probe(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var (name, value) in probe.Parameters)
            {
                if (name.EndsWith(".bias") || name.EndsWith(".running_mean")) value.zero_();
                else value.abs_();
            }
        }
        var shape = context.Network.Input;
        var image = ones(1, shape.Channels, shape.Height, shape.Width, ScalarType.Float64, context.Device);
        probe.Backward(probe.Forward(image).sum());
        return context.FromFilters(weight =>
            (probe.Parameters[weight] * probe.Gradient(weight)).abs().flatten(1).sum(1));
    }
}
