using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Recipe;

namespace Microsoft.ML.PaT;

/// <summary>
/// All options that determine the weights of a run: network, initial weights, images, training, pruning, seed. The same
/// recipe, images and number of threads give the same network on the same CPU model and library versions.
/// </summary>
/// <remarks>
/// A recipe is also a JSON file (docs/guide/recipe.md). <see cref="PruningAwareTrainingOptions"/> add the environment
/// of a run: columns, device, checkpoints and the like. <see cref="RecipePresets"/> has recipes to start from.
/// </remarks>
public record TrainingRecipe
{
    /// <summary>The network to train.</summary>
    /// <value>
    /// Default null: one that fits the images. Small ones, no side of which has more than 64 pixels, take
    /// <see cref="Networks.ResNet20"/> at their own size; others take ResNet-18 at 224x224. If
    /// <see cref="ImageOptions.Height"/> and <see cref="ImageOptions.Width"/> are set, the network and the size follow
    /// from them. The log, the report and the report's recipe state the network and the size.
    /// </value>
    public NetworkArchitecture? Network { get; init; }

    /// <summary>Weights to start from.</summary>
    /// <value>Default null: training starts from random weights, or from those of the network's ONNX file.</value>
    public WeightsFile? Weights { get; init; }

    /// <summary>Size, normalization and augmentation of images.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>Training: epochs, optimizer, schedule, loss.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Pruning: policy, criterion, target, retraining.</summary>
    public PruningOptions Pruning { get; init; } = new();

    /// <summary>Seed of all random numbers: initial weights, order of images, augmentation.</summary>
    /// <value>
    /// Default 1. The same seed gives the same run on a CPU. The seed of <c>MLContext</c> has no effect.
    /// </value>
    public int Seed { get; init; } = 1;

    /// <summary>SHA-256 of the JSON of <see cref="Resolve()"/>, which identifies the recipe.</summary>
    /// <value>64 hexadecimal digits in lower case. Recipes that train in the same way have the same.</value>
    public string Hash => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(RecipeJson.Write(Resolve()).ToJsonString())));

    /// <summary>Reads a recipe from a JSON file.</summary>
    /// <param name="path">The file: UTF-8 or UTF-16, with or without a byte-order mark.</param>
    /// <exception cref="InvalidOptionsException">
    /// The file is not JSON, has unknown fields, or values that are not allowed; the message has the line of each.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static TrainingRecipe Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return RecipeJson.Read(TextFile.Read(path), path);
    }

    /// <summary>Reads a recipe from JSON. Fields that are left out have their defaults.</summary>
    /// <param name="json">The text; comments and trailing commas are allowed.</param>
    /// <exception cref="InvalidOptionsException">
    /// The text is not JSON, has unknown fields, or values that are not allowed; the message has the line of each.
    /// </exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static TrainingRecipe FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return RecipeJson.Read(json, "The recipe");
    }

    /// <summary>The recipe as indented JSON with all its fields, but for those that are null.</summary>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public string ToJson() => RecipeJson.Text(this);

    /// <summary>
    /// Writes the recipe to a file, at once: the file holds the old content or the new, never a part of it.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToJson() + "\n")));
    }

    /// <summary>A copy with one value changed.</summary>
    /// <param name="path">The field as in JSON: <c>training.mixup</c>, <c>pruning.policy.tau</c>, <c>seed</c>.</param>
    /// <param name="value">Its value as in JSON, where quotes may be left out: <c>0.2</c>, <c>adamw</c>,
    /// <c>80,120</c>.</param>
    /// <returns>The copy; options keep their environment.</returns>
    /// <exception cref="InvalidOptionsException">
    /// There is no such field, and the message has the nearest names; or the value is not allowed.
    /// </exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public TrainingRecipe With(string path, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(value);
        return RecipeEditor.With(this, path, value);
    }

    /// <summary>
    /// A copy in which defaults that depend on other options are filled in, such as the learning rate.
    /// </summary>
    public TrainingRecipe Resolve() => this with
    {
        Training = Training with
        {
            LearningRate = Training.LearningRateInUse, WeightDecay = Training.WeightDecayInUse,
        },
        Pruning = Pruning with { Normalization = Pruning.NormalizationInUse },
    };

    /// <inheritdoc/>
    public sealed override string ToString() =>
        $"{Network?.Name ?? "a network that fits the images"}, {Pruning.Target} by "
        + $"{Pruning.Policy.Name}, {Training.Epochs} epochs";

    /// <summary>Whether training starts from given weights: <see cref="Weights"/>, or those of the network's ONNX
    /// file.</summary>
    internal bool HasWeights => Weights is not null || Network?.WeightsPath is not null;

    /// <summary>A copy that trains the same network without the program or the network file that made it.</summary>
    internal TrainingRecipe Resolve(NetworkDefinition network) => Resolve() with
    {
        Network = Networks.Has(NetworkInUse) ? Network : NetworkArchitecture.Of(network),
        Weights = WeightsFor(network.Classes),
        Images = Images with { Height = network.Input.Height, Width = network.Input.Width },
    };

    /// <summary>
    /// The dense network of the run, with the batch-norms that it restores; with given weights, their statistics adapt
    /// within a short run.
    /// </summary>
    internal NetworkDefinition NetworkFor(ImageShape images, int classes)
    {
        var network = NetworkInUse.Build(images, classes);
        if (HasWeights) network = NormMomentum.Raise(network);
        return Training.RestoreBatchNorms ? RestoredNorms.AddTo(network) : network;
    }

    /// <summary>The initial weights: those given, or those of the network's own file. Null for random ones.</summary>
    internal WeightsFile? WeightsFor(int classes) => WeightsFile.For(NetworkInUse, classes, Weights);

    /// <summary>The network of a run, which has chosen one if the recipe names none.</summary>
    internal NetworkArchitecture NetworkInUse =>
        Network ?? throw new InvalidOperationException("No network was chosen before the run.");
}
