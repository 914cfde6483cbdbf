using System.CommandLine;

namespace Microsoft.ML.PaT.Samples;

/// <summary>The options that say what a training step does with the gradients of a batch.</summary>
internal sealed class StepArguments
{
    private readonly Option<Optimizer> _optimizer = NamedValue.Create("--optimizer", "How gradients move the weights", Optimizer.Sgd);
    private readonly Option<double?> _learningRate = NumberOption.CreateOptional("--lr", "Highest learning rate, for the batch size as given (default: 0.2; 0.001 with adamw, 1 with lars)", "greater than 0", (double x) => x > 0);
    private readonly Option<double?> _decay = NumberOption.CreateOptional("--weight-decay", "Penalty on weights; norms and biases have none (default: 0.0005; 0.01 with adamw)", "0 or greater", (double x) => x >= 0);
    private readonly Option<double?> _clip = NumberOption.CreateOptional("--clip", "The longest that the gradient of all parameters may be (default: any)", "greater than 0", (double x) => x > 0);
    private readonly Option<int> _accumulate = NumberOption.Create("--accumulate", "Parts in which a batch goes through the network, for batches that memory cannot hold", 1, "1 to 1024", (int n) => n is >= 1 and <= 1024);

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [_optimizer, _learningRate, _decay, _clip, _accumulate];

    /// <summary>What was asked for.</summary>
    /// <param name="training">The options without it.</param>
    /// <param name="parsed">The parsed command line.</param>
    public TrainingOptions Apply(TrainingOptions training, ParseResult parsed)
    {
        training = training with { Optimizer = parsed.GetValue(_optimizer), ClipNorm = parsed.GetValue(_clip), Accumulation = parsed.GetValue(_accumulate) };
        if (parsed.GetValue(_learningRate) is { } rate) training = training with { LearningRate = rate };
        if (parsed.GetValue(_decay) is { } decay) training = training with { WeightDecay = decay };
        return training;
    }
}
