namespace Microsoft.ML.PaT.Results;

/// <summary>The memory format of a network in training: <c>channels-first</c> or <c>channels-last</c>.</summary>
/// <param name="Compact">After the last pruning step; null when nothing was pruned.</param>
internal sealed record MemoryFormatReport(string Dense, string? Compact);
