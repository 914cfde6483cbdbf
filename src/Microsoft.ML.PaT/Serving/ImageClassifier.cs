using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Errors;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Serving;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>A trained classifier that scores images on the CPU, without ML.NET.</summary>
/// <remarks>
/// Thread-safe, also while it is disposed: running calls complete, later calls throw
/// <see cref="ObjectDisposedException"/>. Owns its network and weights. Scoring draws no random numbers. It uses a copy
/// of the network with the batch-norms folded into the convolutions; the saving methods write the original network.
/// </remarks>
public sealed class ImageClassifier : IDisposable
{
    private readonly ScoringModule _module;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Tensor _scale, _shift;
    private readonly SharedLifetime _lifetime;

    /// <summary>Creates a classifier from a network and its weights.</summary>
    /// <param name="weights">All its tensors by name, including running statistics, on any device; copied.</param>
    /// <param name="classes">Names of the classes, in training-key order.</param>
    /// <exception cref="InvalidFileException">A tensor is missing, has the wrong shape, or belongs to no
    /// layer.</exception>
    internal ImageClassifier(
        NetworkDefinition network,
        IReadOnlyDictionary<string, Tensor> weights,
        Normalization normalization,
        IReadOnlyList<string> classes)
    {
        TorchLibrary.Require();
        ClassifierParts.RequireFitting(network, weights, normalization, classes);
        Network = network;
        Normalization = normalization;
        Classes = [.. classes];

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _weights = network.Parameters.ToDictionary(
            p => p.Name,
            p => weights[p.Name].detach().to(float32, CPU, copy: true).contiguous().DetachFromDisposeScope());
        _module = new(network, _weights, CPU);
        var (scale, shift) = normalization.ToTensors();
        _scale = scale.DetachFromDisposeScope();
        _shift = shift.DetachFromDisposeScope();
        _lifetime = new(this, Free);
    }

    /// <summary>Loads a classifier from a native archive, <c>.pat</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is not an archive, has a newer format version, or is truncated,
    /// damaged or changed.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded.</exception>
    public static ImageClassifier Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = InputFile.Open(path);
        try
        {
            return Load(file);
        }
        catch (InvalidFileException e)
        {
            throw new InvalidFileException(e.Code, $"{path}: {e.Message}", e);
        }
    }

    /// <summary>Loads a classifier from a native archive, <c>.pat</c>.</summary>
    /// <param name="stream">The archive; stays open.</param>
    /// <exception cref="InvalidFileException">The stream is not an archive, has a newer format version, or is
    /// truncated, damaged or changed.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded.</exception>
    public static ImageClassifier Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelArchive.LoadClassifier(stream);
    }

    /// <summary>
    /// Creates a classifier from a network without training, for example from an ONNX file, to prune or to export it.
    /// </summary>
    /// <param name="network">The network. A network from an ONNX file has weights.</param>
    /// <param name="weights">Weights. Null for those of the network's ONNX file, or for random weights if there is no
    /// such file.</param>
    /// <param name="classes">Names of the classes. Weights that come with the same names have their outputs put into
    /// this order. Null for the names in the weights' archive or safetensors file, or in the network's ONNX file;
    /// without any, "0", "1", ...: <see cref="NetworkArchitecture.StandardClasses"/> of them.</param>
    /// <param name="input">Shape of the images, [C,H,W]. Null for that in the weights' archive, unless the network has
    /// a fixed one, or for <see cref="NetworkArchitecture.StandardInput"/>.</param>
    /// <param name="normalization">Normalization of the images. Null for that of the weights file, or for mean 0 and
    /// standard deviation 1 if the file has none.</param>
    /// <param name="seed">Seed of random weights.</param>
    /// <exception cref="InvalidFileException">The weights do not fit the network.</exception>
    /// <exception cref="InvalidOptionsException">The network cannot take images of this shape.</exception>
    /// <exception cref="IOException">The file of the weights cannot be read.</exception>
    public static ImageClassifier Create(
        NetworkArchitecture network, WeightsFile? weights = null, IReadOnlyList<string>? classes = null,
        ImageShape? input = null, Normalization? normalization = null, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        TorchLibrary.Require();
        var (given, trained) = (classes, weights?.ReadImages() ?? new());
        if (weights is { ResetClassifier: false }) classes ??= trained.Classes;
        classes ??= network.Labels ??
        [
            .. Enumerable.Range(0, network.StandardClasses).Select(c => c.ToString(CultureInfo.InvariantCulture)),
        ];
        if (network.Definition is null) input ??= trained.Shape;
        var definition = network.Build(input ?? network.StandardInput, classes.Count);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var (tensors, trainedWith, _) = WeightsFile.For(network, classes.Count, weights) is { } file
            ? file.Read(definition, generator, given)
            : (InitialWeights.Draw(definition, generator), null, null);
        var colors = definition.Input.Channels;
        normalization ??= trainedWith ?? new([.. Enumerable.Repeat(0f, colors)], [.. Enumerable.Repeat(1f, colors)]);
        return new(definition, tensors, normalization, classes) { Resizing = trained.Resizing };
    }

    /// <summary>Shape of the images, [C,H,W].</summary>
    public ImageShape Input => Network.Input;

    /// <summary>Names of the classes, in the order of scores.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The definition of the network.</summary>
    public NetworkDefinition Network { get; }

    /// <summary>Normalization of images before the first layer.</summary>
    public Normalization Normalization { get; }

    /// <summary>Resizing of the training images. Resize images in the same way before scoring them.</summary>
    public ImageResizing Resizing { get; internal init; }

    /// <summary>Scores images.</summary>
    /// <param name="images">Any number n of images as bytes, [n,C,H,W]: planar pixels of the shape
    /// <see cref="Input"/>, usually RGB.</param>
    /// <param name="scores">Receives the probability of each class for each image, [n, classes]. The probabilities of
    /// an image sum to 1.</param>
    /// <exception cref="ArgumentException">The lengths of the spans are not those of the same number of
    /// images.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch failed, for example because memory ran out. Score fewer
    /// images at a time.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public void Score(ReadOnlySpan<byte> images, Span<float> scores)
    {
        using var use = _lifetime.Begin();
        var n = images.Length / Input.Size;
        if (images.Length != n * Input.Size)
        {
            throw new ArgumentException(
                $"An image of {Input} has {Input.Size} bytes; {images.Length} bytes are not a whole number of images.",
                nameof(images));
        }
        if (scores.Length != n * Classes.Count)
        {
            throw new ArgumentException(
                $"{n} images have {n * Classes.Count} scores, one per class; there is room for {scores.Length}.",
                nameof(scores));
        }
        if (n == 0) return;
        try
        {
            using var scope = NewDisposeScope();
            using var quiet = inference_mode();
            var batch = empty([n, Input.Channels, Input.Height, Input.Width], dtype: uint8, device: CPU);
            images.CopyTo(batch.bytes);
            var logits = _module.Score(_module.Ordered(batch).to(float32).mul_(_scale).Plus_(_shift));
            MemoryMarshal.Cast<byte, float>(logits.softmax(1).contiguous().bytes).CopyTo(scores);
        }
        catch (ExternalException e) when (LibtorchError.IsFromLibtorch(e))
        {
            throw LibtorchError.Of($"Scoring {n} images of {Input}", e);
        }
    }

    /// <summary>Classifies an image file.</summary>
    /// <param name="path">Path of a JPEG, PNG, GIF, BMP or WebP file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidImageDataException">The file has another format, is truncated or damaged. The message
    /// names the file.</exception>
    /// <exception cref="InvalidOptionsException">The network takes neither RGB nor gray images.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public ImagePrediction Predict(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return Predict(InputFile.ReadAllBytes(path));
        }
        catch (InvalidImageDataException e)
        {
            throw new InvalidImageDataException(e.Code, $"{path}: {e.Message}", e);
        }
    }

    /// <summary>Classifies an image.</summary>
    /// <param name="stream">The content of a JPEG, PNG, GIF, BMP or WebP file, from its current position to its end;
    /// stays open.</param>
    /// <exception cref="InvalidImageDataException">The content has another format, is truncated or damaged.</exception>
    /// <exception cref="InvalidOptionsException">The network takes neither RGB nor gray images.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public ImagePrediction Predict(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return Predict(content.ToArray());
    }

    /// <summary>
    /// Classifies an image, which is resized in the same way as the training images, and converted to gray for a
    /// network of one channel (<see cref="ImageDecoder.Decode(byte[], ImageShape, ImageResizing)"/>).
    /// </summary>
    /// <param name="image">The content of a JPEG, PNG, GIF, BMP or WebP file.</param>
    /// <exception cref="InvalidImageDataException">The content has another format, is truncated or damaged.</exception>
    /// <exception cref="InvalidOptionsException">The network takes neither RGB nor gray images.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public ImagePrediction Predict(byte[] image)
    {
        var scores = new float[Classes.Count];
        Score(ImageDecoder.Decode(image, Input, Resizing), scores);
        var best = Array.IndexOf(scores, scores.Max());
        return new(Classes[best], scores[best], scores);
    }

    /// <summary>
    /// Scores an empty image. Optional: without it, the first prediction of a process takes about a second longer,
    /// because libtorch loads and prepares its kernels.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public void WarmUp() => Score(new byte[Input.Size], new float[Classes.Count]);

    /// <summary>
    /// Writes the native archive, <c>.pat</c>: network, weights, classes and normalization, without the report of a
    /// run.
    /// </summary>
    /// <param name="path">Path of the file; an existing file is replaced once the new one is complete.</param>
    /// <exception cref="IOException">The file cannot be written; an existing one is unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public void SaveArchive(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => ModelArchive.Save(stream, this));
    }

    /// <summary>
    /// Writes the weights as safetensors, under the names that PyTorch's <c>load_state_dict</c> expects. The metadata
    /// has <see cref="Normalization"/> and <see cref="Classes"/>, which <see cref="WeightsFile"/> reads.
    /// </summary>
    /// <param name="path">Path of the file; an existing file is replaced once the new one is complete.</param>
    /// <exception cref="IOException">The file cannot be written; an existing one is unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public void SaveWeights(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var use = _lifetime.Begin();
        var metadata = WeightsMetadata.Of(Normalization, Classes);
        AtomicFile.Write(path, stream => Safetensors.Write(stream, _weights, metadata));
    }

    /// <summary>Writes the classifier as an ONNX model: <c>input</c> [N,C,H,W] to <c>scores</c> [N,classes].</summary>
    /// <param name="path">Path of the file; an existing file is replaced once the new one is complete.</param>
    /// <param name="options">Input, output and precision; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be written; an existing one is unchanged.</exception>
    /// <exception cref="InvalidFileException">The model has 2 GB or more.</exception>
    public void SaveOnnx(string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => SaveOnnx(stream, options));
    }

    /// <summary>Writes the classifier as an ONNX model: <c>input</c> [N,C,H,W] to <c>scores</c> [N,classes].</summary>
    /// <param name="stream">Stays open.</param>
    /// <param name="options">Input, output and precision; null for the defaults.</param>
    /// <exception cref="InvalidFileException">The model has 2 GB or more.</exception>
    public void SaveOnnx(Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var use = _lifetime.Begin();
        OnnxExporter.Write(stream, this, options ?? new());
    }

    /// <summary>
    /// Every tensor of the network by name; owned by the classifier. Call <see cref="Use"/> before reading them.
    /// </summary>
    internal IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>Keeps the tensors of <see cref="Weights"/> until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    internal SharedLifetime.Use Use() => _lifetime.Begin();

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    private void Free()
    {
        _module.Dispose();
        foreach (var tensor in _weights.Values) tensor.Dispose();
        _scale.Dispose();
        _shift.Dispose();
    }
}
