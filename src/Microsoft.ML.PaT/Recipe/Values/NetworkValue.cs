using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>A network by its name in the zoo, by its definition, or by its ONNX file.</summary>
internal sealed class NetworkValue : OptionValue
{
    private const string Onnx = "onnx", Code = "code";

    public override string Expected =>
        "the name of a network, the definition of one, or {\"onnx\": \"file.onnx\"}";

    public override JsonNode Write(object value)
    {
        var network = (NetworkArchitecture)value;
        if (network.Definition is { } definition) return JsonNode.Parse(definition.ToJson())!;
        if (network.WeightsPath is { } path) return new JsonObject { [Onnx] = path };
        return Networks.Has(network) ? JsonValue.Create(network.Name) : new JsonObject { [Code] = network.Name };
    }

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        try
        {
            switch (node)
            {
                case JsonValue plain when plain.TryGetValue<string>(out var name):
                    return Networks.ByName(name);
                case JsonObject { Count: 1 } file
                    when file[Onnx] is JsonValue plain && plain.TryGetValue<string>(out var name):
                    return NetworkArchitecture.FromOnnx(name);
                case JsonObject { Count: 1 } code when code[Code] is { } name:
                    errors.Add(path, $"is {name}, which is built in code; set Network in code.");
                    return null;
                case JsonObject definition:
                    return NetworkArchitecture.Of(NetworkDefinition.FromJson(definition.ToJsonString()));
                default:
                    return Wrong(node, path, errors);
            }
        }
        catch (Exception e) when (e is InvalidFileException or InvalidOptionsException or IOException)
        {
            errors.Add(path, $"is not a network: {e.Message}");
            return null;
        }
    }
}
