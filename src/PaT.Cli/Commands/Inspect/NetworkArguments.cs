using System.CommandLine;

namespace PaT.Cli;

/// <summary>The options of commands that inspect a network.</summary>
internal sealed class NetworkArguments
{
    private readonly Option<string> _network = new("--network")
    {
        Description = "A network by name, such as resnet20, resnet50 or vgg16_bn, or a file: a definition as JSON, an "
            + "ONNX model, a .pat archive",
        HelpName = "NAME|FILE",
        Required = true,
    };

    private readonly Option<int?> _classes = NumberOption.CreateOptional(
        "--classes", "Number of classes (default: 1000 for networks published for large images, 10 for small ones)",
        "2 to 1000000", (int n) => n is >= 2 and <= 1_000_000);

    private readonly Option<ImageShape?> _input = ShapeOption.Create(
        "--input", "Channels, height and width of an image (default: those the network was published for)");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_network, _classes, _input]) command.Options.Add(option);
    }

    /// <exception cref="PaTException">There is no such network, or it does not take images of that shape.</exception>
    public NetworkDefinition Read(ParseResult parsed)
    {
        var architecture = NetworkFile.Find(parsed.GetRequiredValue(_network), parsed.GetValue(_input));
        return architecture.Build(
            parsed.GetValue(_input) ?? architecture.StandardInput,
            parsed.GetValue(_classes) ?? architecture.StandardClasses);
    }
}
