namespace Microsoft.ML.PaT.Tests.Package;

/// <summary>A console application outside the repository that references only the package and TorchSharp-cpu.</summary>
internal sealed class FreshApplication : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            PROPERTIES
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.ML.PaT" Version="VERSION" />
            <PackageReference Include="TorchSharp-cpu" Version="0.107.0" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.PaT;
        using Microsoft.ML.Transforms.Image;

        var (command, file) = (args[0], args[1]);
        if (args.Contains("--seed")) TorchSharp.torch.manual_seed(1);
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 32).Select(Row.Draw).ToArray());
        if (command == "train")
        {
            var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(ml.PaT().ImageClassification(new()
                {
                    Network = Networks.ResNet20,
                    Images = new()
                    {
                        Height = Row.Size, Width = Row.Size, RandomCropPadding = 0, HorizontalFlip = false,
                    },
                    Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
                    Training = new() { Epochs = 2, BatchSize = 8 }, Threads = 1,
                }))
                .Append(ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));
            ml.Model.Save(pipeline.Fit(data), data.Schema, file);
            Console.WriteLine("saved");
        }
        else
        {
            var scored = ml.Model.Load(file, out _).Transform(data);
            Console.WriteLine($"predicted {scored.GetColumn<string>("Predicted").Count(p => p is "left" or "right")}");
        }

        internal sealed class Row
        {
            public const int Size = 16;

            public string Label { get; set; } = "";

            [ImageType(Size, Size)]
            public MLImage Image { get; set; } = null!;

            public static Row Draw(int number)
            {
                var pixels = new byte[4 * Size * Size];
                new Random(number).NextBytes(pixels);
                for (var i = 0; i < pixels.Length; i++)
                    pixels[i] = (byte)(pixels[i] / 4 + (i / 4 % Size < Size / 2 == (number % 2 == 0) ? 150 : 0));
                return new()
                {
                    Label = number % 2 == 0 ? "left" : "right",
                    Image = MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, pixels),
                };
            }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    /// <param name="library">The library that it references.</param>
    /// <param name="program">Its code; null for one that trains and predicts.</param>
    /// <param name="properties">Further properties of its project.</param>
    public FreshApplication(PackedLibrary library, string? program = null, string properties = "")
    {
        Write("nuget.config", $"""
            <configuration>
              <packageSources><add key="packed" value="{library.Source}" /></packageSources>
            </configuration>
            """);
        Write(
            "fresh.csproj",
            Project.Replace("VERSION", library.Version, StringComparison.Ordinal)
                .Replace("PROPERTIES", properties, StringComparison.Ordinal));
        Write("Program.cs", program ?? Program);
    }

    public string Folder => _folder.Name;

    /// <summary>Builds or publishes into a folder below <see cref="Folder"/>.</summary>
    /// <returns>The folder.</returns>
    public string Make(string command, string into, params string[] arguments)
    {
        var output = Path.Combine(Folder, into);
        Commands.Dotnet(Folder, [command, "-c", "Release", "-nologo", "-v", "q", "-o", output, .. arguments]);
        return output;
    }

    /// <summary>TorchSharp's native library for Linux in an output folder.</summary>
    public static string LibTorchSharp(string output) =>
        Directory.GetFiles(output, "libLibTorchSharp.so", SearchOption.AllDirectories).Single();

    /// <summary>Trains and saves in one process, loads and predicts in another.</summary>
    /// <param name="output">Output folder of the application.</param>
    /// <param name="options">Additional arguments for training.</param>
    public void TrainAndPredict(string output, params string[] options)
    {
        Assert.That(Run(output, ["train", "model.zip", .. options]), Is.EqualTo((0, "saved")));
        Assert.That(Run(output, "predict", "model.zip"), Is.EqualTo((0, "predicted 32")));
    }

    /// <returns>Exit code and output.</returns>
    public (int Code, string Output) Run(string output, params string[] arguments)
    {
        var (code, printed) = Commands.Run("dotnet", Folder, [Path.Combine(output, "fresh.dll"), .. arguments]);
        return (code, printed.Trim());
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);
}
