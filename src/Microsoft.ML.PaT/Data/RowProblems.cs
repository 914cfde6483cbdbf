using System.Globalization;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Collects the rows of a data view that cannot be used. Missing labels and weights are fatal; a fraction of the images
/// may be unreadable.
/// </summary>
/// <param name="what">Name of the data in messages: <c>training</c> or <c>validation</c>.</param>
/// <param name="options">Names of the columns, and the allowed fraction of unreadable images.</param>
/// <param name="known">The unreadable images that an earlier run found; null for none.</param>
internal sealed class RowProblems(string what, ImageDataOptions options, ImageCacheIndex? known = null)
{
    private const int NamedInMessage = 5;
    private const int NamedImages = 100;
    private readonly List<string> _labels = [];
    private readonly List<string> _weights = [];
    private readonly List<string> _unreadable = [.. known?.Unreadable ?? []];
    private int _unreadableCount = known?.UnreadableCount ?? 0;

    public bool AreFatal => _labels.Count > 0 || _weights.Count > 0;

    public ImageCacheIndex Unreadable => new(_unreadable, _unreadableCount);

    public void AddLabel(string row, string label)
    {
        if (_labels.Count < NamedInMessage) _labels.Add($"{row}: {label}");
    }

    public void AddWeight(string row, float weight)
    {
        if (_weights.Count < NamedInMessage) _weights.Add(FormattableString.Invariant($"{row}: {weight}"));
    }

    public void AddUnreadable(string row, string error)
    {
        if (++_unreadableCount <= NamedImages) _unreadable.Add($"{row}: {error}");
    }

    /// <exception cref="InvalidImageDataException">A row has no valid label or weight.</exception>
    public void RequireLabelsAndWeights()
    {
        if (_labels.Count > 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelMissing,
                $"Images of the {what} data have no label in column '{options.LabelColumn}', or a label that the "
                    + $"training data does not have: {string.Join("; ", _labels)}. Remove these rows, label them, or "
                    + "train on such images too.");
        }
        if (_weights.Count > 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.WeightInvalid,
                $"Images of the {what} data have no weight of 0 or more in column '{options.WeightColumn}': "
                    + $"{string.Join("; ", _weights)}. Correct these rows or remove them.");
        }
    }

    /// <param name="readable">Number of images that were read.</param>
    /// <exception cref="InvalidImageDataException">Too many images are unreadable.</exception>
    public void RequireReadable(int readable)
    {
        var rows = readable + _unreadableCount;
        var first = $"The first: {string.Join("; ", _unreadable.Take(NamedInMessage))}.";
        if (_unreadableCount > options.MaxUnreadableFraction * rows)
        {
            throw new InvalidImageDataException(
                ErrorCodes.TooManyUnreadable,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_unreadableCount} of {rows} images of the {what} data cannot be read, more than the "
                        + $"{options.MaxUnreadableFraction:P1} allowed. {first} Repair or remove them; a pipeline can "
                        + $"allow more (MaxUnreadableFraction)."));
        }
        if (readable == 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.NoImages, $"None of the {rows} images of the {what} data can be read. {first}");
        }
    }
}
