using System.Text;
using System.Text.Json;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Finds the lines of the fields of a JSON text.</summary>
internal static class JsonLines
{
    /// <summary>The line of each field, from 1, by its path: <c>training.mixup</c>.</summary>
    /// <param name="json">Valid JSON; comments and trailing commas are allowed.</param>
    public static IReadOnlyDictionary<string, int> Of(string json)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var reader =
            new Utf8JsonReader(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var lines = new Dictionary<string, int>();
        var (names, line, at) = (new Stack<string>(), 1, 0);
        var name = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    line += text.AsSpan(at, (int)reader.TokenStartIndex - at).Count((byte)'\n');
                    at = (int)reader.TokenStartIndex;
                    lines[string.Join('.', names.Reverse().Where(n => n.Length > 0).Append(name))] = line;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    names.Push(name);
                    name = "";
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    names.Pop();
                    break;
            }
        }
        return lines;
    }
}
