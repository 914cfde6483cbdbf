using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Errors in JSON are told without names of .NET types, and with the line.</summary>
public class JsonTextTests
{
    private static readonly JsonSerializerOptions s_strict = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true,
    };

    [TestCase("{\"Name\": \"a\",\n \"Count\": \"many\"}", "line 2 ($.Count): The value is not of the kind")]
    [TestCase("{\"Name\": \"a\",\n \"Count\": 1,\n \"Kind\": 2}", "line 3 ($.Kind): There is no such field")]
    [TestCase("{\"Name\": \"a\"}", "Fields are missing: ")]
    [TestCase("{\"Name\": \"a\",\n \"Count\": ", "line 2")]
    [TestCase("", "line 1: The input does not contain any JSON tokens")]
    public void An_error_has_a_line_and_no_names_of_types(string json, string expected)
    {
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Thing>(json, s_strict))!;
        Assert.That(
            JsonText.Describe(error),
            Does.Contain(expected).And.Not.Contain("System.").And.Not.Contain("PaT.").And.Not.Contain("BytePosition"));
    }

    private sealed record Thing(string Name, int Count);
}
