using System.CommandLine;

namespace PaT.Cli;

/// <summary>The options of commands that look at a network without training it.</summary>
internal sealed class NetworkArguments
{
    private readonly Option<string> _network = new("--network") { Description = "Name of the network, such as resnet20-cifar, resnet50, vgg16_bn, or a file with one: a .pat archive, an ONNX model, or a definition as JSON", HelpName = "NAME", Required = true };
    private readonly Option<int?> _classes = NumberOption.CreateOptional("--classes", "Number of classes (default: 1000 for networks published for large images, 10 for small ones)", "2 to 1000000", (int n) => n is >= 2 and <= 1_000_000);
    private readonly Option<ImageShape?> _input = ShapeOption.Create("--input", "Shape of an image: channels, height, width (default: what the network was published for)");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_network);
        command.Options.Add(_classes);
        command.Options.Add(_input);
    }

    /// <summary>The network that was asked for.</summary>
    /// <exception cref="InvalidOptionsException">There is none of that name.</exception>
    /// <exception cref="InvalidNetworkException">It cannot take images of that shape.</exception>
    public NetworkDefinition Read(ParseResult parsed)
    {
        var architecture = NetworkFile.Find(parsed.GetRequiredValue(_network), parsed.GetValue(_input));
        return architecture.Build(parsed.GetValue(_input) ?? architecture.StandardInput, parsed.GetValue(_classes) ?? architecture.StandardClasses);
    }
}
