using System.CommandLine;
using System.CommandLine.Invocation;

namespace PaT.Cli;

/// <summary>The page that <c>--help</c> prints: what a command does, its usage, and its options in groups.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const int Width = 100, Indent = 2, Gap = 2, LongestLabel = 34;

    public override int Invoke(ParseResult parseResult)
    {
        var (output, command) = (parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command);
        Wrap(output, "", command.Description ?? "", 0);
        output.WriteLine();
        output.WriteLine(Usage(command));
        var commands = command.Subcommands.Where(c => !c.Hidden);
        Section(output, "Commands", commands.Select(c => (c.Name, c.Description ?? "")));
        Section(output, "Arguments", command.Arguments.Select(a => (a.Name, a.Description ?? "")));
        var groups = (command as GroupedCommand)?.Groups ?? [];
        foreach (var group in groups) Section(output, group.Title, group.Options.Select(Row));
        var others = command.Options.Where(o => !o.Hidden && !groups.Any(g => g.Options.Contains(o)));
        Section(output, "Options", others.Select(Row));
        return 0;
    }

    /// <summary>Whether a text has a default, to which the help adds none.</summary>
    public static bool StatesDefault(string? text) => text?.Contains("default", StringComparison.Ordinal) == true;

    private static string Usage(Command command)
    {
        List<string> names = [.. PatCommandLine.PathOf(command)];
        if (command.Subcommands.Count > 0) names.Add("COMMAND");
        if (command.Options.Count > 0) names.Add("[OPTIONS]");
        names.AddRange(command.Arguments.Select(a => a.Name + (a.Arity.MaximumNumberOfValues > 1 ? "..." : "")));
        return $"Usage: {string.Join(' ', names)}";
    }

    private static (string Label, string Text) Row(Option option)
    {
        var label = option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;
        var text = option is RecipeOption field ? field.Help : option.Description ?? "";
        if (option.Required) text += " (required)";
        var needsDefault = option.HasDefaultValue && option.ValueType != typeof(bool) && !StatesDefault(text);
        if (needsDefault) text += $" (default: {DefaultOf(option)})";
        return (label, text);
    }

    private static string DefaultOf(Option option) => option.GetDefaultValue() switch
    {
        System.Collections.IEnumerable list and not string => string.Join(',', list.Cast<object>().Select(Text)),
        var value => Text(value),
    };

    private static string Text(object? value) => FormattableString.Invariant($"{value}");

    private static void Section(TextWriter output, string title, IEnumerable<(string Label, string Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        output.WriteLine();
        output.WriteLine($"{title}:");
        var column = Indent + Gap + Math.Min(LongestLabel, all.Max(r => r.Label.Length));
        foreach (var (label, text) in all)
        {
            var first = new string(' ', Indent) + label;
            if (first.Length + Gap > column)
            {
                output.WriteLine(first);
                first = "";
            }
            Wrap(output, first.PadRight(column), text, column);
        }
    }

    private static void Wrap(TextWriter output, string start, string text, int column)
    {
        var line = start;
        foreach (var word in text.Split(' '))
        {
            if (line.Length + 1 + word.Length > Width && line.Length > column)
            {
                output.WriteLine(line.TrimEnd());
                line = new string(' ', column);
            }
            line += line.Length == column || line.Length == 0 ? word : $" {word}";
        }
        output.WriteLine(line.TrimEnd());
    }
}
