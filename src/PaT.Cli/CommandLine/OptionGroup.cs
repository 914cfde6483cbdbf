using System.CommandLine;

namespace PaT.Cli;

/// <summary>Options that belong together in the help.</summary>
internal sealed record OptionGroup(string Title, params IReadOnlyList<Option> Options);
