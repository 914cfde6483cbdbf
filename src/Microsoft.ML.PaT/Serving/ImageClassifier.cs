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

/// <summary>A trained classifier by itself: images in, class probabilities out, on the CPU, without ML.NET.</summary>
/// <remarks>
/// Thread-safe, also while it is disposed: running calls complete, later ones throw
/// <see cref="ObjectDisposedException"/>. Owns its network and weights. Scoring draws no random numbers and uses a copy
/// of the network whose batch-norms are folded into its convolutions; the trained network is saved.
/// </remarks>
public sealed class ImageClassifier : IDisposable
{
    private readonly ScoringModule _module;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Tensor _scale, _shift;
    private readonly SharedLifetime _lifetime;

    /// <summary>Creates a classifier from a network and its weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">All its tensors by name, including running statistics, on any device; copied.</param>
    /// <param name="normalization">Normalization of the images in training.</param>
    /// <param name="classes">Names of the classes, in training-key order.</param>
    /// <exception cref="InvalidFileException">A tensor is missing, has the wrong shape, or has no layer.</exception>
    internal ImageClassifier(
        NetworkDefinition network,
        IReadOnlyDictionary<string, Tensor> weights,
        Normalization normalization,
        IReadOnlyList<string> classes)
    {
        TorchLibrary.Require();
        if (classes.Count != network.Classes)
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The network '{network.Name}' has {network.Classes} classes, and {classes.Count} are named.");
        }
        if (normalization.Mean.Count != network.Input.Channels
            || normalization.StandardDeviation.Count != network.Input.Channels)
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The network '{network.Name}' takes {network.Input.Channels} channels, and the normalization has "
                    + $"{normalization.Mean.Count} means and {normalization.StandardDeviation.Count} standard "
                    + "deviations.");
        }
        Network = network;
        Normalization = normalization;
        Classes = [.. classes];
        Check(network, weights);

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
    /// <exception cref="InvalidFileException">It is no archive, or newer than this library, truncated, damaged or
    /// changed.</exception>
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
    /// <exception cref="InvalidFileException">It is no archive, or newer than this library, truncated, damaged or
    /// changed.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded.</exception>
    public static ImageClassifier Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelArchive.LoadClassifier(stream);
    }

    /// <summary>
    /// Creates a classifier from a network without training, such as one of an ONNX file, to prune or to export it.
    /// </summary>
    /// <param name="network">The network; one of an ONNX file has weights.</param>
    /// <param name="weights">Its weights; null for those of the network's ONNX file, or else random ones.</param>
    /// <param name="classes">Names of the classes; null for "0", "1", ... of
    /// <see cref="NetworkArchitecture.StandardClasses"/>.</param>
    /// <param name="input">Shape of the images, [C,H,W]; null for
    /// <see cref="NetworkArchitecture.StandardInput"/>.</param>
    /// <param name="normalization">Normalization of the images; null for that of the weights file, or else mean
    /// 0 and standard deviation 1.</param>
    /// <param name="seed">Seed of random weights.</param>
    /// <exception cref="InvalidFileException">The weights belong to another network.</exception>
    /// <exception cref="InvalidOptionsException">The network cannot take images of this shape.</exception>
    /// <exception cref="IOException">The file of the weights cannot be read.</exception>
    public static ImageClassifier Create(
        NetworkArchitecture network, WeightsFile? weights = null, IReadOnlyList<string>? classes = null,
        ImageShape? input = null, Normalization? normalization = null, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        TorchLibrary.Require();
        classes ??= network.Labels ??
        [
            .. Enumerable.Range(0, network.StandardClasses).Select(c => c.ToString(CultureInfo.InvariantCulture)),
        ];
        var definition = network.Build(input ?? network.StandardInput, classes.Count);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var (tensors, trainedWith, _) = WeightsFile.For(network, classes.Count, weights) is { } file
            ? file.Read(definition, generator)
            : (InitialWeights.Draw(definition, generator), null, null);
        var colors = definition.Input.Channels;
        normalization ??= trainedWith ?? new([.. Enumerable.Repeat(0f, colors)], [.. Enumerable.Repeat(1f, colors)]);
        return new(definition, tensors, normalization, classes);
    }

    /// <summary>Shape of the images it takes, [C,H,W].</summary>
    public ImageShape Input => Network.Input;

    /// <summary>Names of the classes, in the order of scores.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The definition of the network.</summary>
    public NetworkDefinition Network { get; }

    /// <summary>Normalization of images before the first layer.</summary>
    public Normalization Normalization { get; }

    /// <summary>
    /// How the training images were resized; images to score should be resized in the same way.
    /// </summary>
    public ImageResizing Resizing { get; internal init; }

    /// <summary>Scores images.</summary>
    /// <param name="images">Any number n of images as bytes, [n,C,H,W]: planar RGB of the shape
    /// <see cref="Input"/>.</param>
    /// <param name="scores">Receives the probability of each class for each image, [n, classes]; an image's sum to
    /// 1.</param>
    /// <exception cref="ArgumentException">The spans are not those of the same number of whole images.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch failed, for example because memory ran out; fewer images
    /// at a time need less.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public void Score(ReadOnlySpan<byte> images, Span<float> scores)
    {
        using var use = _lifetime.Begin();
        var n = images.Length / Input.Size;
        if (images.Length != n * Input.Size)
        {
            throw new ArgumentException(
                $"An image of {Input} has {Input.Size} bytes; {images.Length} bytes are no whole number of images.",
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
    /// <exception cref="InvalidImageDataException">It is of another format, truncated or damaged; the message names the
    /// file.</exception>
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
    /// <exception cref="InvalidImageDataException">It is of another format, truncated or damaged.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public ImagePrediction Predict(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return Predict(content.ToArray());
    }

    /// <summary>Classifies an image, resized as those that the classifier was trained on.</summary>
    /// <param name="image">The content of a JPEG, PNG, GIF, BMP or WebP file.</param>
    /// <exception cref="InvalidImageDataException">It is of another format, truncated or damaged.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public ImagePrediction Predict(byte[] image)
    {
        var scores = new float[Classes.Count];
        Score(ImageDecoder.Decode(image, Input, Resizing), scores);
        var best = Array.IndexOf(scores, scores.Max());
        return new(Classes[best], scores[best], scores);
    }

    /// <summary>
    /// Scores an empty image, so that the first real call does not wait until libtorch has loaded and prepared its
    /// kernels: about a second in a new process. Optional.
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
    /// Writes the weights in the safetensors format, under the names that PyTorch's <c>load_state_dict</c> expects.
    /// <see cref="Normalization"/> is in the metadata, so that <see cref="WeightsFile"/> finds it.
    /// </summary>
    /// <param name="path">Path of the file; an existing file is replaced once the new one is complete.</param>
    /// <exception cref="IOException">The file cannot be written; an existing one is unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public void SaveWeights(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var use = _lifetime.Begin();
        var metadata = WeightsMetadata.Of(Normalization);
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
    /// Every tensor of the network by name; owned by the classifier. Callers hold a <see cref="Use"/>.
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

    private static void Check(NetworkDefinition network, IReadOnlyDictionary<string, Tensor> weights)
    {
        var expected = network.Parameters.ToDictionary(p => p.Name, p => p.Shape);
        foreach (var (name, shape) in expected)
        {
            if (!weights.TryGetValue(name, out var tensor))
            {
                throw new InvalidFileException(
                    ErrorCodes.WeightsMismatch, $"The weights of network '{network.Name}' lack the tensor '{name}'.");
            }
            if (!tensor.shape.SequenceEqual(shape))
            {
                throw new InvalidFileException(
                    ErrorCodes.WeightsMismatch,
                    $"The tensor '{name}' of network '{network.Name}' must have the shape "
                        + $"[{string.Join(',', shape)}]; it has [{string.Join(',', tensor.shape)}].");
            }
        }
        foreach (var name in weights.Keys)
            if (!expected.ContainsKey(name))
            {
                throw new InvalidFileException(
                    ErrorCodes.WeightsMismatch,
                    $"The tensor '{name}' belongs to no layer of network '{network.Name}'.");
            }
    }
}
