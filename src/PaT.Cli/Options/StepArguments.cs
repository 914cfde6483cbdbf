using System.CommandLine;
using Microsoft.ML.PaT.Training;

namespace PaT.Cli;

/// <summary>The options that say what a training step does with the gradients of a batch.</summary>
internal sealed class StepArguments
{
    private readonly Option<Optimizer> _optimizer = NamedValue.Create("--optimizer", "How gradients move the weights", Optimizer.Sgd);
    private readonly Option<double?> _learningRate = NumberOption.CreateOptional("--lr", "Highest learning rate, for the batch size as given (default: 0.2; 0.001 with adamw, 1 with lars)", "greater than 0", (double x) => x > 0);
    private readonly Option<double?> _decay = NumberOption.CreateOptional("--weight-decay", "Penalty on weights; norms and biases have none (default: 0.0005; 0.01 with adamw)", "0 or greater", (double x) => x >= 0);
    private readonly Option<double?> _clip = NumberOption.CreateOptional("--clip", "The longest that the gradient of all parameters may be (default: any)", "greater than 0", (double x) => x > 0);
    private readonly Option<int> _accumulate = NumberOption.Create("--accumulate", "Parts in which a batch goes through the network, for batches that memory cannot hold", 1, "1 to 1024", (int n) => n is >= 1 and <= 1024);

    private readonly Option<double?> _ema = NumberOption.CreateOptional("--ema", "Keep an exponential moving average of the weights with this decay, such as 0.999 (default: the weights of the last step)", "above 0, below 1", (double x) => x is > 0 and < 1);

    private readonly Option<MemoryFormat> _memoryFormat = NamedValue.Create("--memory-format", "Memory format of training; automatic follows a rule, measured takes the faster one", MemoryFormat.Automatic);

    private readonly Option<Precision> _precision = NamedValue.Create("--precision", "What convolutions compute in; float16 on GPUs only", Precision.Float32);

    private readonly Option<TrainingKernels> _kernels = NamedValue.Create("--kernels", "What computes batch-norms with what follows them, on a CPU", TrainingKernels.Fused);

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [_optimizer, _learningRate, _decay, _clip, _accumulate, _ema, _memoryFormat, _precision, _kernels];

    /// <summary>What was asked for.</summary>
    /// <param name="training">The options without it.</param>
    /// <param name="parsed">The parsed command line.</param>
    public TrainingOptions Apply(TrainingOptions training, ParseResult parsed)
    {
        return training with
        {
            LearningRate = parsed.GetValue(_learningRate),
            WeightDecay = parsed.GetValue(_decay),
            Optimizer = parsed.GetValue(_optimizer),
            MaxGradientNorm = parsed.GetValue(_clip),
            GradientAccumulationSteps = parsed.GetValue(_accumulate),
            EmaDecay = parsed.GetValue(_ema),
            MemoryFormat = parsed.GetValue(_memoryFormat),
            Precision = parsed.GetValue(_precision),
            Kernels = parsed.GetValue(_kernels),
        };
    }
}
