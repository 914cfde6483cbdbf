using System.CommandLine;

namespace PaT.Cli;

/// <summary>A group of options in the help.</summary>
internal sealed record OptionGroup(string Title, params IReadOnlyList<Option> Options);
