using System.CommandLine;

namespace PaT.Cli;

/// <summary>The options that training commands share: images, recipe, machine, output folder.</summary>
internal sealed class RunArguments
{
    private const double Gigabyte = 1e9;

    private readonly RecipeArguments _recipe;
    private readonly int? _standardLimit;

    private readonly Option<string?> _data = new("--data")
    {
        Description = "A folder with one folder per class (optionally below train/, val/ and test/), a .zip, .tar or "
            + ".tar.gz of one, a .csv or .tsv of paths and labels, CIFAR-10's binary archive, a folder with MNIST's "
            + $"four files, or the word {ImageSources.Drawn} for drawn images of ten shapes, 32x32 pixels each "
            + "(default: the path in $PAT_DATA; without it CIFAR-10, from the cache or downloaded; if it cannot be "
            + $"downloaded, {ImageSources.Drawn})",
        HelpName = "PATH",
    };

    private readonly Option<int?> _limit;
    private readonly Option<string> _out;

    private readonly Option<string?> _device = new("--device")
    {
        Description = "cpu or cuda (default: a GPU if there is one)", HelpName = "NAME",
    };

    private readonly Option<int?> _threads = NumberOption.CreateOptional(
        "--threads", "Threads on the CPU (default: as many as there are cores)", "at least 1", (int n) => n >= 1);

    private readonly Option<double?> _memory = NumberOption.CreateOptional(
        "--image-memory", "Gigabytes for decoded images; more are kept in a file (default: a quarter of the memory)",
        "at least 0", (double x) => x >= 0);

    private readonly Option<double> _unreadable = NumberOption.Create(
        "--allow-unreadable", "Fraction of images that may be unreadable; they are skipped and named",
        new PruningAwareTrainingOptions().MaxUnreadableFraction, "0 to 1",
        (double x) => x is >= 0 and <= 1);

    /// <param name="limit">Default of <c>--limit</c>; null for all images.</param>
    public RunArguments(TrainingRecipe recipe, int? limit, string output, string files)
    {
        (_recipe, _standardLimit) = (new(recipe), limit);
        _limit = NumberOption.CreateOptional(
            "--limit", $"Training images to choose, evenly by class (default: {limit?.ToString() ?? "all"})",
            "at least 1", (int n) => n >= 1);
        _out = new("--out")
        {
            Description = $"Folder for {files}", DefaultValueFactory = _ => output, HelpName = "DIR",
        };
        _device.OneOf("cpu", "cuda");
    }

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<OptionGroup> Groups =>
    [
        new("Images", _data, _limit, _unreadable), .. _recipe.Groups, new("Machine", _device, _threads, _memory),
        new("Output", _out),
    ];

    /// <exception cref="PaTException">A value is not allowed, or options contradict each other.</exception>
    public RunSettings Read(ParseResult parsed)
    {
        var device = parsed.GetValue(_device);
        var options = new PruningAwareTrainingOptions(_recipe.Read(parsed))
        {
            Threads = parsed.GetValue(_threads),
            Device = device switch
            {
                "cpu" => ComputeDevice.Cpu,
                "cuda" => ComputeDevice.Cuda,
                _ => ComputeDevice.Automatic,
            },
            MaxUnreadableFraction = parsed.GetValue(_unreadable),
            MemoryBudget = parsed.GetValue(_memory) is { } amount ? (long)Math.Min(amount * Gigabyte, 1e18) : null,
        };
        GivenWeights.WithoutNamed(options).Validate();
        return new RunSettings
        {
            CommandLine = parsed,
            Data = parsed.GetValue(_data),
            Out = parsed.GetRequiredValue(_out),
            Limit = parsed.GetValue(_limit) ?? _standardLimit,
            Options = options,
        };
    }
}
