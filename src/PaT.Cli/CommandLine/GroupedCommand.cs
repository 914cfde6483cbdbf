using System.CommandLine;

namespace PaT.Cli;

/// <summary>A command whose help shows its options in groups.</summary>
internal sealed class GroupedCommand(string name, string description) : Command(name, description)
{
    private readonly List<OptionGroup> _groups = [];

    public IReadOnlyList<OptionGroup> Groups => _groups;

    /// <summary>Adds to an existing group of the same title.</summary>
    public void Add(OptionGroup group)
    {
        foreach (var option in group.Options) Options.Add(option);
        var at = _groups.FindIndex(g => g.Title == group.Title);
        if (at < 0) _groups.Add(group);
        else _groups[at] = group with { Options = [.. _groups[at].Options, .. group.Options] };
    }
}
