namespace Microsoft.ML.PaT.Data;

/// <summary>What reading a data view needs of the options of a run.</summary>
/// <param name="ImageColumn">Name of the image column.</param>
/// <param name="LabelColumn">Name of the label column.</param>
/// <param name="WeightColumn">Name of the column with example weights; null for none.</param>
/// <param name="Images">Size, resizing, cache and how many unreadable images are allowed.</param>
/// <param name="Cancellation">Ends reading.</param>
internal sealed record ImageDataOptions(
    string ImageColumn, string LabelColumn, string? WeightColumn, ImageOptions Images, CancellationToken Cancellation);
