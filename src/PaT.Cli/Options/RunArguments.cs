using System.CommandLine;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Training;

namespace PaT.Cli;

/// <summary>The options that training commands share, with their ranges and defaults, and how they become <see cref="RunSettings"/>.</summary>
internal sealed class RunArguments
{
    private readonly Option<string> _network = new("--network") { Description = "Network to train: a name such as resnet20, vgg16-bn-cifar, mobilenet_v2, or a file with one: a .pat archive, an ONNX model (with its weights), or a definition as JSON", DefaultValueFactory = _ => "resnet20", HelpName = "NAME" };
    private readonly Option<string?> _weights = new("--weights") { Description = "Weights to start from: a safetensors file with PyTorch's names, a .pat archive or an ONNX model (default: those of the network's ONNX model, or random)", HelpName = "FILE" };
    private readonly Option<bool> _freshClassifier = new("--fresh-classifier") { Description = "With --weights: start the last layer afresh, for other classes than the weights were trained for" };
    private readonly ImageArguments _images = new();
    private readonly TargetArguments _target = new();
    private readonly PolicyArguments _policy = new();
    private readonly Option<Importance> _criterion = NamedValue.Criterion("--criterion", "What makes a channel important", Importance.Taylor);
    private readonly Option<GroupReduction> _reduction = NamedValue.Create("--reduction", "How the scores of coupled layers become one", GroupReduction.Mean);
    private readonly Option<ScoreNormalization?> _normalization = NamedValue.CreateOptional<ScoreNormalization>("--normalization", "How scores of different groups are made comparable (default: group-mean; none for lamp and synflow)");
    private readonly Option<RankingScope> _ranking = NamedValue.Create("--ranking", "What channels are ranked against", RankingScope.Global);
    private readonly Option<int> _epochs;
    private readonly Option<int> _batch = NumberOption.Create("--batch", "Images a step", 128, "2 to 65536", (int n) => n is >= 2 and <= 65536);
    private readonly StepArguments _step = new();
    private readonly Option<LearningRateDecay> _decay = NamedValue.Create("--decay", "How the learning rate falls after the warm-up", LearningRateDecay.Linear);
    private readonly Option<string?> _drops = new("--drops") { Description = "Epochs at which the learning rate falls to a tenth, for --decay steps (default: halfway and after three quarters)", HelpName = "N,N,..." };
    private readonly Option<string?> _schedule = new("--schedule") { Description = "A retraining schedule for the whole run, in place of warm-up and decay" };
    private readonly Option<double> _smoothing = NumberOption.Create("--label-smoothing", "Fraction of the target probability spread over all classes", 0.0, "from 0 to 1 (excluded)", (double x) => x is >= 0 and < 1);
    private readonly Option<ClassWeights> _classWeights = NamedValue.Create("--class-weights", "How much the images of a class count in the training loss", ClassWeights.None);
    private readonly Option<int> _seed = new("--seed") { Description = "The one source of randomness: the same seed gives the same run on a CPU", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<int?> _limit;
    private readonly Option<string?> _data = new("--data") { Description = "A folder with one folder per class (optionally below train/ and test/), a .tar.gz of one, CIFAR-10's binary archive, a folder with MNIST's four files, or the word shapes for drawn images; default: $PAT_DATA, the cache, a download, shapes", HelpName = "PATH" };
    private readonly Option<string> _out;
    private readonly Option<int?> _threads = NumberOption.CreateOptional("--threads", "Threads for operators on the CPU (default: as many as there are cores)", "at least 1", (int n) => n >= 1);
    private readonly Option<string?> _device = new("--device") { Description = "Where to train (default: the GPU where there is one)" };
    private readonly int? _defaultImages;

    /// <summary>Describes the options with a command's own defaults.</summary>
    /// <param name="epochs">Default of <c>--epochs</c>.</param>
    /// <param name="images">Default of <c>--limit</c>; null for all of them.</param>
    /// <param name="output">Default of <c>--out</c>.</param>
    /// <param name="files">What <c>--out</c> receives.</param>
    public RunArguments(int epochs, int? images, string output, string files = "model.zip, model.pat, compact.onnx, report.json and report.html")
    {
        _defaultImages = images;
        _epochs = NumberOption.Create("--epochs", "Passes over the training images", epochs, "at least 1", (int n) => n >= 1);
        _limit = NumberOption.CreateOptional("--limit", $"Training images to choose, evenly by class (default: {images?.ToString() ?? "all"}); the test set stays whole", "at least 1", (int n) => n >= 1);
        _out = new Option<string>("--out") { Description = $"Folder for {files}", DefaultValueFactory = _ => output, HelpName = "DIR" };
        _schedule.AcceptOnlyFromAmong([.. RetrainingSchedules.Names]);
        _device.AcceptOnlyFromAmong("cpu", "cuda");
    }

    /// <summary>Adds all options to a command, in the order of its help.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_network, _weights, _freshClassifier, .. _target.All, .. _policy.All, _criterion, _reduction, _normalization, _ranking, _epochs, _batch, .. _step.All, _decay, _drops, _schedule, _smoothing, _classWeights, _seed, _limit, _data, .. _images.All, _out, _threads, _device])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="InvalidOptionsException">Options contradict each other, or there is no such network.</exception>
    public RunSettings Read(ParseResult parsed)
    {
        var (policy, retraining) = _policy.Read(parsed, parsed.GetValue(_epochs));
        var device = parsed.GetValue(_device);
        return new RunSettings
        {
            Data = parsed.GetValue(_data),
            Out = parsed.GetRequiredValue(_out),
            Limit = parsed.GetValue(_limit) ?? _defaultImages,
            Device = device,
            Options = new PruningAwareTrainingOptions
            {
                Network = NetworkFile.Find(parsed.GetRequiredValue(_network)),
                Weights = ReadWeights(parsed),
                Images = _images.Read(parsed),
                Pruning = _target.Read(parsed) with
                {
                    Policy = policy,
                    Retraining = retraining,
                    Distillation = _policy.Distillation(parsed),
                    BatchGrowth = _policy.BatchGrowth(parsed),
                    Criterion = parsed.GetValue(_criterion)!,
                    Reduction = parsed.GetValue(_reduction),
                    Normalization = parsed.GetValue(_normalization),
                    Ranking = parsed.GetValue(_ranking),
                },
                Training = _step.Apply(_images.Apply(new TrainingOptions
                {
                    Epochs = parsed.GetValue(_epochs),
                    BatchSize = parsed.GetValue(_batch),
                    Decay = parsed.GetValue(_decay),
                    Milestones = Milestones(parsed),
                    Schedule = parsed.GetValue(_schedule) is { } schedule ? RetrainingSchedules.ByName(schedule) : null,
                    LabelSmoothing = parsed.GetValue(_smoothing),
                    ClassWeights = parsed.GetValue(_classWeights),
                }, parsed), parsed),
                Seed = parsed.GetValue(_seed),
                Threads = parsed.GetValue(_threads),
                Device = device switch { "cpu" => ComputeDevice.Cpu, "cuda" => ComputeDevice.Cuda, _ => ComputeDevice.Automatic },
                MemoryBudget = _images.MemoryBudget(parsed),
                CacheFolder = _images.CacheFolder(parsed),
                MaxUnreadableFraction = _images.MaxUnreadableFraction(parsed),
            },
        };
    }

    private WeightsFile? ReadWeights(ParseResult parsed)
    {
        var (file, fresh) = (parsed.GetValue(_weights), parsed.GetValue(_freshClassifier));
        // An ONNX model brings its weights; its classifier starts afresh for other classes, or where that is asked for.
        if (file is null && fresh && NetworkFile.IsOnnx(parsed.GetRequiredValue(_network))) file = parsed.GetRequiredValue(_network);
        if (file is null && fresh)
        {
            throw new InvalidOptionsException("--fresh-classifier has no meaning without --weights FILE or --network FILE.onnx: leave it out, all layers start afresh");
        }

        return file is null ? null : new WeightsFile(file) { ResetClassifier = fresh };
    }

    private int[] Milestones(ParseResult parsed)
    {
        if (parsed.GetValue(_drops) is not { } drops) return [];
        if (parsed.GetValue(_decay) != LearningRateDecay.Steps) throw new InvalidOptionsException("--drops has no meaning without --decay steps: give both or none");
        return EpochList.Parse("--drops", drops, parsed.GetValue(_epochs));
    }
}
