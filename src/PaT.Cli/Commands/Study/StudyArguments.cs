using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>The options that studies share.</summary>
internal sealed class StudyArguments
{
    private readonly Option<string> _network = new("--network") { Description = "Network to study, as for train", DefaultValueFactory = _ => "resnet20-cifar", HelpName = "NAME" };
    private readonly Option<string?> _data = new("--data") { Description = "The images, as for train; 32x32 ones are decoded once", HelpName = "PATH" };
    private readonly Option<int?> _limit = NumberOption.CreateOptional("--limit", "Training images of a cell, evenly by class (default: all)", "at least 1", (int n) => n >= 1);
    private readonly Option<int?> _testImages = NumberOption.CreateOptional("--test-images", "Test images, evenly by class, the same for all cells (default: all)", "at least 1", (int n) => n >= 1);
    private readonly Option<int> _epochs;
    private readonly Option<int> _batch = NumberOption.Create("--batch", "Images a step", 128, "2 to 65536", (int n) => n is >= 2 and <= 65536);
    private readonly Option<double> _learningRate;
    private readonly Option<int> _seeds = NumberOption.Create("--seeds", "How many seeds, counted from 1", 3, "1 to 1000", (int n) => n is >= 1 and <= 1000);
    private readonly Option<int> _parallel = NumberOption.Create("--parallel", "Cells at a time, each a process of its own", 1, "1 to 256", (int n) => n is >= 1 and <= 256);
    private readonly Option<int?> _threads = NumberOption.CreateOptional("--threads", "Threads of a cell (default: the cores over --parallel); two cells of one thread do more than one of two", "at least 1", (int n) => n >= 1);
    private readonly Option<string?> _device = new("--device") { Description = "Where to train (default: the GPU where there is one)" };
    private readonly Option<string> _out = new("--out") { Description = "The workspace: cells, decoded images and results. Studies in one workspace share the cells they have in common", DefaultValueFactory = _ => Path.Combine("runs", "studies"), HelpName = "DIR" };
    private readonly Argument<string[]> _more = new("TRAIN") { Description = "After --: more options of train, for all cells", DefaultValueFactory = _ => [] };

    /// <summary>Describes the options with a study's own defaults.</summary>
    /// <param name="epochs">Default of <c>--epochs</c>.</param>
    /// <param name="learningRate">Default of <c>--lr</c>.</param>
    /// <param name="epochsName">The option for the epochs of a dense run.</param>
    public StudyArguments(int epochs, double learningRate, string epochsName = "--epochs")
    {
        _epochs = NumberOption.Create(epochsName, "Epochs of a dense run", epochs, "at least 1", (int n) => n >= 1);
        _learningRate = NumberOption.Create("--lr", "Highest learning rate", learningRate, "greater than 0", (double x) => x > 0);
        _device.AcceptOnlyFromAmong("cpu", "cuda");
    }

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _network, _data, _limit, _testImages, _epochs, _batch, _learningRate, _seeds, _parallel, _threads, _device, _out })
        {
            command.Options.Add(option);
        }

        command.Arguments.Add(_more);
    }

    /// <summary>The folder of the study.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public string Workspace(ParseResult parsed) => Path.GetFullPath(parsed.GetRequiredValue(_out));

    /// <summary>Finds the images and decodes them once.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="say">Receives lines about what happens.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PaTException">The images are missing, or <c>--</c> is followed by something else than options.</exception>
    public async Task<StudySettings> ReadAsync(ParseResult parsed, Action<string> say, CancellationToken cancellation)
    {
        var more = Pairs(parsed.GetValue(_more) ?? []);
        var set = await new ImageSources(say).FindAsync(parsed.GetValue(_data), cancellation);
        var parallel = parsed.GetValue(_parallel);
        return new StudySettings
        {
            Network = parsed.GetRequiredValue(_network),
            Architecture = NetworkFile.Find(parsed.GetRequiredValue(_network)),
            Images = StudyImageCache.Of(set, parsed.GetValue(_testImages), Workspace(parsed), say, cancellation),
            Limit = parsed.GetValue(_limit),
            Epochs = parsed.GetValue(_epochs),
            Batch = parsed.GetValue(_batch),
            LearningRate = parsed.GetValue(_learningRate),
            Seeds = parsed.GetValue(_seeds),
            Parallel = parallel,
            Threads = parsed.GetValue(_threads) ?? Math.Max(1, Environment.ProcessorCount / parallel),
            Device = parsed.GetValue(_device),
            More = more,
        };
    }

    private static Dictionary<string, string> Pairs(string[] tokens)
    {
        var pairs = new Dictionary<string, string>();
        string? name = null;
        foreach (var token in tokens)
        {
            if (token.StartsWith("--", StringComparison.Ordinal))
            {
                pairs[name = token] = "";
            }
            else if (name is not null && pairs[name].Length == 0)
            {
                pairs[name] = token;
            }
            else
            {
                throw new InvalidOptionsException($"'{token}' after -- is no option of train: give options with at most one value each, such as -- --round-to 4");
            }
        }

        return pairs;
    }
}
