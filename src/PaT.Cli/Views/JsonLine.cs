using System.Text.Encodings.Web;
using System.Text.Json;

namespace PaT.Cli;

/// <summary>Results as one line of JSON each, for programs.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line.</summary>
    /// <param name="result">What to write.</param>
    public static string Of<T>(T result) => JsonSerializer.Serialize(result, Options);
}
