using System.Text;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Recipe.Values;

namespace Microsoft.ML.PaT.Tests;

/// <summary>The tables of docs/guide/options.md are generated from the options.</summary>
public class OptionsPageTests
{
    [Test]
    public void The_page_lists_every_option_with_its_default_and_range()
    {
        var path = Repository.File("docs", "guide", "options.md");
        var page = Page();
        if (Environment.GetEnvironmentVariable("PAT_WRITE_RESULTS") is not null) File.WriteAllText(path, page);
        Assert.That(
            File.ReadAllText(path),
            Is.EqualTo(page),
            "PAT_WRITE_RESULTS=1 ./test.sh OptionsPage writes the page anew.");
    }

    private static string Page()
    {
        var page = new StringBuilder("""
            # Options

            All options, their defaults and ranges. The tables are generated from the code:
            `PAT_WRITE_RESULTS=1 ./test.sh OptionsPage`.

            ## Recipe

            The options that determine the weights are the fields of a [recipe](recipe.md). `null` means that there is
            none, or that the default depends on others, such as the learning rate on the optimizer and the network on
            the images.

            | field | default | allowed |
            |---|---|---|

            """);
        foreach (var field in RecipeField.All)
            page.Append($"| `{field.Path}` | `{field.Default}` | {field.Allowed} |\n");
        page.Append("""

            ## Settings of policies

            Fields below `pruning.policy`, such as `pruning.policy.tau`, of the policies that have any.

            | policy | field | default | allowed |
            |---|---|---|---|

            """);
        foreach (var policy in PolicyValue.WithSettings)
        {
            foreach (var field in OptionField.Of(policy.GetType()))
            {
                var value = field.Property.Get(policy);
                var text = value is null ? "null" : field.Value!.Write(value).ToJsonString();
                page.Append($"| `{policy.Name}` | `{field.Name}` | `{text}` | {field.Allowed} |\n");
            }
        }
        page.Append("""

            ## Environment

            Properties of `PruningAwareTrainingOptions` that decide where and how a run goes.

            | property | default | allowed |
            |---|---|---|

            """);
        foreach (var row in Environments(new PruningAwareTrainingOptions(), typeof(PruningAwareTrainingOptions), ""))
            page.Append(row);
        return page.ToString();
    }

    private static IEnumerable<string> Environments(object record, Type type, string prefix) =>
        OptionProperty.Of(type)
            .Where(p => IsPlain(p.Type) || p.IsRecord)
            .SelectMany(property =>
            {
                var value = property.Get(record);
                return property.IsRecord
                    ? Environments(
                        value ?? Activator.CreateInstance(property.Type)!, property.Type, $"{prefix}{property.Name}.")
                    :
                    [
                        FormattableString.Invariant(
                            $"| `{prefix}{property.Name}` | `{value ?? "null"}` | {Allowed(property)} |\n"),
                    ];
            });

    /// <summary>Observers, data and tokens have no value for a table.</summary>
    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    private static string Allowed(OptionProperty property) =>
        property.Range?.ToString()
        ?? (property.Type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(property.Type))}" : "");
}
