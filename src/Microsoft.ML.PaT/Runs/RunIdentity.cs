using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// What a run is made of, by name: every option that has a say in its weights, the network, the images, the device and its threads. Two runs with
/// the same identity do the same; where they differ, the name says in what.
/// </summary>
internal sealed class RunIdentity
{
    /// <summary>Images whose pixels are hashed, evenly spread: a set may be larger than memory. Labels and weights are hashed for all.</summary>
    private const int SampledImages = 1024;

    /// <summary>What a run may change between two starts, and what goes in by another way.</summary>
    private static readonly HashSet<string> s_free =
    [
        nameof(PruningAwareTrainingOptions.LabelColumnName), nameof(PruningAwareTrainingOptions.ImageColumnName), nameof(PruningAwareTrainingOptions.ExampleWeightColumnName),
        nameof(PruningAwareTrainingOptions.PredictedLabelColumnName), nameof(PruningAwareTrainingOptions.ScoreColumnName),
        nameof(PruningAwareTrainingOptions.Network), nameof(PruningAwareTrainingOptions.Observers), nameof(PruningAwareTrainingOptions.TensorBoardFolder), nameof(PruningAwareTrainingOptions.CancellationToken),
        nameof(PruningAwareTrainingOptions.Checkpoints), "Training.ValidationFraction", "Training.Device", "Training.Threads", "Training.Distributed", "Training.Patience", "Training.OnDivergence", "Images.MaxUnreadableFraction", "Images.MemoryBudget", "Images.CacheFolder",
    ];

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Describes a run.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="network">Its dense network.</param>
    /// <param name="device">Where it trains.</param>
    /// <param name="training">The images it trains on.</param>
    /// <param name="validation">The images it measures accuracy on; null for none.</param>
    /// <param name="isDistributed">Whether several ranks share the work. Their number, and so the number of threads, may differ when the run goes on.</param>
    public RunIdentity(PruningAwareTrainingOptions options, NetworkDefinition network, torch.Device device, ImageDataset training, ImageDataset? validation, bool isDistributed = false)
    {
        (OnDivergence, Patience) = (options.Training.OnDivergence, options.Training.Patience);
        Describe("", options);
        _values["Network"] = $"{network.Name} {Hash(Encoding.UTF8.GetBytes(network.ToJson()))}";
        _values["Training.Device"] = device.type.ToString();
        if (device.type == DeviceType.CPU && !isDistributed) _values["Training.Threads"] = torch.get_num_threads().ToString(CultureInfo.InvariantCulture);
        _values["Training images"] = Fingerprint(training);
        _values["Validation images"] = validation is null ? "none" : Fingerprint(validation);
    }

    /// <summary>What to do when the loss is not finite. It may differ when a run goes on, but not between ranks.</summary>
    public DivergenceAction OnDivergence { get; }

    /// <summary>Likewise, the epochs without progress after which to stop.</summary>
    public int? Patience { get; }

    /// <summary>What the run is made of, by name.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>What differs from the run that wrote a checkpoint.</summary>
    /// <param name="other">The identity of that run.</param>
    /// <param name="pruningToo">False for a branch, which may prune differently.</param>
    /// <returns>A phrase for each difference. What only one of them knows, because another version of the library wrote it, is none.</returns>
    public IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> other, bool pruningToo) =>
    [
        .. from pair in _values
           where pruningToo || !pair.Key.StartsWith("Pruning.", StringComparison.Ordinal)
           where other.TryGetValue(pair.Key, out var value) && value != pair.Value
           select pair.Key.EndsWith("images", StringComparison.Ordinal) ? $"the {pair.Key.ToLowerInvariant()} are not the same" : $"{pair.Key} was {other[pair.Key]} and is {pair.Value}",
    ];

    /// <summary>Walks through the records: an option that somebody adds is compared without another line here.</summary>
    private void Describe(string prefix, object record)
    {
        foreach (var property in record.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && !s_free.Contains(prefix + p.Name)))
        {
            var name = prefix + property.Name;
            var value = property.GetValue(record);
            if (value is null or string or bool or IFormattable) _values[name] = Text(value);
            else if (value is IEnumerable several) _values[name] = string.Join(", ", several.Cast<object?>().Select(Text));
            else if (value is Importance or PruningPolicy || value.GetType().Assembly == typeof(RunIdentity).Assembly) Describe(name + ".", value);
        }
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "none";

    private static string Fingerprint(ImageDataset images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', images.Classes)));
        hash.AppendData(images.Labels.bytes);
        if (images.AreWeighted) hash.AppendData(images.Weights.bytes);
        var sampled = Math.Min(SampledImages, images.Count);
        for (long i = 0; i < sampled; i++)
        {
            using var image = images.Read(i * images.Count / sampled, 1);
            hash.AppendData(image.bytes);
        }
        return FormattableString.Invariant($"{images.Count} of {images.Shape} {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
}
