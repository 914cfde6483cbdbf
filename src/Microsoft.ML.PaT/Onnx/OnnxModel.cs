using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>The content of an ONNX file.</summary>
internal sealed class OnnxModel
{
    private readonly OnnxDataFiles _files;

    private OnnxModel(OnnxDataFiles files) => _files = files;

    /// <summary>Version of the default operator set.</summary>
    public long Opset { get; private set; } = 1;

    public string Name { get; private set; } = "";

    /// <summary>The names of the classes, which this library's exporter writes; null if the file has none.</summary>
    public IReadOnlyList<string>? Labels { get; private set; }

    /// <summary>Nodes in the order of the file.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    public Dictionary<string, OnnxTensor> Constants { get; } = [];

    /// <summary>Inputs. Older files list the constants among them.</summary>
    public List<OnnxValueInfo> Inputs { get; } = [];

    public List<OnnxValueInfo> Outputs { get; } = [];

    /// <summary>Full paths of the files in which the model keeps tensors.</summary>
    public IEnumerable<string> DataFiles => _files.Paths;

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is not an ONNX model, is truncated or damaged, or a file with
    /// its weights is missing.</exception>
    public static OnnxModel Load(string path)
    {
        using var file = InputFile.Open(path);
        if (file.Length > Array.MaxLength)
        {
            throw new InvalidFileException(
                ErrorCodes.OnnxFileInvalid, $"{path} has {file.Length:N0} bytes; an ONNX model has less than 2 GB.");
        }
        var buffer = GC.AllocateUninitializedArray<byte>((int)file.Length);
        file.ReadExactly(buffer);
        return Read(buffer, path, new(Path.GetDirectoryName(Path.GetFullPath(path))));
    }

    /// <param name="buffer">Content of the file; kept, not copied.</param>
    /// <exception cref="InvalidFileException">The content is not an ONNX model, is truncated or damaged, or the model
    /// keeps its weights in other files.</exception>
    public static OnnxModel Read(byte[] buffer, string name) => Read(buffer, name, new(null));

    private static OnnxModel Read(byte[] buffer, string name, OnnxDataFiles files)
    {
        try
        {
            return Read(buffer, files);
        }
        catch (Exception e)
            when (e is InvalidProtocolBufferException or InvalidDataException or OverflowException or ArgumentException)
        {
            throw new InvalidFileException(
                ErrorCodes.OnnxFileInvalid,
                FileSignature.Of(buffer) is { } what
                    ? $"{name} is not an ONNX model: {what}{Cure(what)}."
                    : $"{name} is not an ONNX model, or is truncated or damaged: {e.Message.TrimEnd('.')}.",
                e);
        }
        catch (InvalidFileException e)
        {
            throw new InvalidFileException(ErrorCodes.OnnxFileInvalid, $"{name}: {e.Message}", e);
        }
    }

    private static OnnxModel Read(byte[] buffer, OnnxDataFiles files)
    {
        const int graph = 7, opsets = 8, metadata = 14;
        var model = new OnnxModel(files);
        var hasGraph = false;
        for (var reader = new ProtoReader(buffer); reader.Next(out var field);)
        {
            switch (field)
            {
                case graph: model.ReadGraph(reader.Message()); hasGraph = true; break;
                case opsets: model.ReadOpset(reader.Message()); break;
                case metadata: model.ReadMetadata(reader.Message()); break;
                default: reader.Skip(); break;
            }
        }
        return hasGraph ? model : throw new InvalidDataException("it has no graph");
    }

    private static string Cure(string what) => what switch
    {
        FileSignature.LfsPointer => "; run 'git lfs pull' to get the model",
        FileSignature.Page => "; download the model itself",
        FileSignature.Zip or FileSignature.Pickle =>
            ". A file of torch.save holds no network: export the model with torch.onnx.export, or unpack the archive",
        FileSignature.Gzip => "; unpack it",
        FileSignature.Hdf5 => ", as Keras writes; export the model with tf2onnx",
        _ => "; get the file again",
    };

    private void ReadOpset(ProtoReader reader)
    {
        const int domain = 1, version = 2;
        var (space, number) = ("", 1L);
        while (reader.Next(out var field))
        {
            if (field == domain) space = reader.Text();
            else if (field == version) number = reader.Integer();
            else reader.Skip();
        }
        if (space is "" or "ai.onnx") Opset = number;
    }

    private void ReadMetadata(ProtoReader reader)
    {
        const int key = 1, value = 2;
        var (name, text) = ("", "");
        while (reader.Next(out var field))
        {
            if (field == key) name = reader.Text();
            else if (field == value) text = reader.Text();
            else reader.Skip();
        }
        if (name != "labels") return;
        try
        {
            // Without reflection, for applications that are trimmed.
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Array) return;
            var labels = json.RootElement.EnumerateArray()
                .Select(label => label.ValueKind == JsonValueKind.String ? label.GetString() : null).ToArray();
            if (!labels.Any(string.IsNullOrWhiteSpace)) Labels = labels!;
        }
        catch (JsonException)
        {
            // Metadata of another program.
        }
    }

    private void ReadGraph(ProtoReader reader)
    {
        const int node = 1, name = 2, initializer = 5, input = 11, output = 12, sparse = 15;
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case node: Nodes.Add(OnnxNode.Read(reader.Message(), _files)); break;
                case name: Name = reader.Text(); break;
                case initializer:
                    var tensor = OnnxTensor.Read(reader.Message(), _files);
                    Constants[tensor.Name] = tensor;
                    break;
                case input: Inputs.Add(OnnxValueInfo.Read(reader.Message())); break;
                case output: Outputs.Add(OnnxValueInfo.Read(reader.Message())); break;
                case sparse: throw new InvalidDataException("it has sparse tensors, which are not supported");
                default: reader.Skip(); break;
            }
        }
    }
}
