using System.CommandLine;

namespace PaT.Cli;

/// <summary>The options that say how images are brought to size, kept and varied.</summary>
internal sealed class ImageArguments
{
    private const double Gigabyte = 1e9;

    private readonly Option<int?> _size = NumberOption.CreateOptional("--size", "Height and width that images are resized to, in pixels (default: what the network was published for)", "1 to 4096", (int n) => n is >= 1 and <= 4096);
    private readonly Option<ImageResizing> _resize = NamedValue.Create("--resize", "Images of other proportions are stretched, padded with black, or cropped", ImageResizing.Fill);
    private readonly Option<double?> _resizedCrop = NumberOption.CreateOptional("--resized-crop", "Train on random parts of at least this fraction of an image's area, enlarged (default: crops of the padded image)", "above 0, at most 1", (double x) => x is > 0 and <= 1);
    private readonly Option<double> _jitter = NumberOption.Create("--jitter", "How far brightness, contrast and saturation are changed at random", 0.0, "from 0 to 1", (double x) => x is >= 0 and <= 1);
    private readonly Option<int> _cutout = NumberOption.Create("--cutout", "Side of a square that is blanked at a random place, in pixels; 0 for none", 0, "0 to 4096", (int n) => n is >= 0 and <= 4096);
    private readonly Option<double> _mixup = NumberOption.Create("--mixup", "Mix images and labels by fractions from Beta(A, A); 0 for none", 0.0, "0 to 10", (double x) => x is >= 0 and <= 10);
    private readonly Option<double> _cutMix = NumberOption.Create("--cutmix", "Paste rectangles of other images, their areas from Beta(A, A); 0 for none", 0.0, "0 to 10", (double x) => x is >= 0 and <= 10);
    private readonly Option<double?> _memory = NumberOption.CreateOptional("--image-memory", "Gigabytes that decoded images may take; more of them are kept in a file (default: a quarter of the memory)", "0 or more", (double x) => x >= 0 && double.IsFinite(x));
    private readonly Option<string?> _cache = new("--image-cache") { Description = "Folder for decoded images beyond that (default: the user's cache folder)", HelpName = "DIR" };
    private readonly Option<double> _unreadable = NumberOption.Create("--allow-unreadable", "Fraction of the images that may be unreadable; they are skipped and named", 0.01, "from 0 to 1", (double x) => x is >= 0 and <= 1);

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [_size, _resize, _resizedCrop, _jitter, _cutout, _mixup, _cutMix, _memory, _cache, _unreadable];

    /// <summary>How images are read and varied.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public ImageOptions Read(ParseResult parsed)
    {
        var jitter = parsed.GetValue(_jitter);
        return new ImageOptions
        {
            Height = parsed.GetValue(_size),
            Width = parsed.GetValue(_size),
            Resizing = parsed.GetValue(_resize),
            RandomResizedCropMinScale = parsed.GetValue(_resizedCrop),
            ColorJitter = new ColorJitter { Brightness = jitter, Contrast = jitter, Saturation = jitter },
            Cutout = parsed.GetValue(_cutout),
        };
    }

    /// <summary>Memory for decoded images, in bytes.</summary>
    public long? MemoryBudget(ParseResult parsed) =>
        parsed.GetValue(_memory) is { } gigabytes ? (long)Math.Min(gigabytes * Gigabyte, long.MaxValue / 2) : null;

    /// <summary>The folder for images beyond it.</summary>
    public string? CacheFolder(ParseResult parsed) => parsed.GetValue(_cache);

    /// <summary>Fraction of the images that may be unreadable.</summary>
    public double MaxUnreadableFraction(ParseResult parsed) => parsed.GetValue(_unreadable);

    /// <summary>How images of a batch are mixed.</summary>
    /// <param name="training">The options without it.</param>
    /// <param name="parsed">The parsed command line.</param>
    public TrainingOptions Apply(TrainingOptions training, ParseResult parsed) => training with { Mixup = parsed.GetValue(_mixup), CutMix = parsed.GetValue(_cutMix) };
}
