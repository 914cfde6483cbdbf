namespace Microsoft.ML.PaT.Reporting;

/// <summary>How a network lay in memory while it trained: <c>channels-first</c> or <c>channels-last</c>.</summary>
/// <param name="Dense">Before the cut.</param>
/// <param name="Compact">After the last cut; null when nothing was pruned.</param>
public sealed record MemoryFormatReport(string Dense, string? Compact);
