using System.Text.Encodings.Web;
using System.Text.Json;

namespace PaT.Cli;

/// <summary>Results as one line of JSON each.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of<T>(T result) => JsonSerializer.Serialize(result, s_json);
}
