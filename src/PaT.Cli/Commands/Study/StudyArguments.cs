using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>The options that studies share.</summary>
internal sealed class StudyArguments
{
    private readonly RecipeArguments _recipe;

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The images, as for train; those of 32x32 pixels are decoded once", HelpName = "PATH",
    };

    private readonly Option<int?> _limit = NumberOption.CreateOptional(
        "--limit", "Training images of a cell, evenly by class (default: all)", "at least 1", (int n) => n >= 1);

    private readonly Option<int?> _testImages = NumberOption.CreateOptional(
        "--test-images", "Test images, evenly by class, the same for all cells (default: all)", "at least 1",
        (int n) => n >= 1);

    private readonly Option<int> _seeds = NumberOption.Create(
        "--seeds", "Number of seeds, counted from 1", 3, "1 to 1000", (int n) => n is >= 1 and <= 1000);

    private readonly Option<int> _parallel = NumberOption.Create(
        "--parallel", "Cells at a time, each a process of its own", 1, "1 to 256", (int n) => n is >= 1 and <= 256);

    private readonly Option<int> _threads = NumberOption.Create(
        "--threads", "Threads of a cell; two cells with one thread are faster than one with two", 1, "at least 1",
        (int n) => n >= 1);

    private readonly Option<string?> _device = new("--device")
    {
        Description = "cpu or cuda (default: a GPU if there is one)", HelpName = "NAME",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The workspace: cells, decoded images and results. Studies in one workspace share cells",
        DefaultValueFactory = _ => Path.Combine("runs", "studies"),
        HelpName = "DIR",
    };

    public StudyArguments(TrainingRecipe recipe)
    {
        _recipe = new(recipe) { ForStudies = true };
        _device.OneOf("cpu", "cuda");
    }

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<OptionGroup> Groups =>
    [
        new("Images", _data, _limit, _testImages), .. _recipe.Groups,
        new("Machine", _seeds, _parallel, _threads, _device), new("Output", _out),
    ];

    /// <summary>The folder of the study.</summary>
    public string Workspace(ParseResult parsed) => Path.GetFullPath(parsed.GetRequiredValue(_out));

    /// <summary>Finds the images and decodes them once.</summary>
    /// <param name="say">Receives progress messages.</param>
    /// <exception cref="PaTException">The images are missing, or a value is not allowed.</exception>
    public async Task<StudySettings> ReadAsync(ParseResult parsed, Action<string> say, CancellationToken cancellation)
    {
        var recipe = _recipe.Read(parsed);
        recipe = recipe with { Weights = await new GivenWeights(say).FindAsync(recipe.Weights, cancellation) };
        var set = await new ImageSources(say).FindAsync(parsed.GetValue(_data), cancellation);
        return new StudySettings
        {
            Recipe = recipe,
            Images = StudyImageCache.Of(set, parsed.GetValue(_testImages), Workspace(parsed), say, cancellation),
            Limit = parsed.GetValue(_limit),
            Seeds = parsed.GetValue(_seeds),
            Parallel = parsed.GetValue(_parallel),
            Threads = parsed.GetValue(_threads),
            Device = parsed.GetValue(_device),
        };
    }
}
