namespace Microsoft.ML.PaT;

/// <summary>Recipes to start from, by name.</summary>
public static class RecipePresets
{
    private static readonly Dictionary<string, TrainingRecipe> s_byName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cifar"] = new()
        {
            Network = Networks.ResNet20,
            Training = new()
            {
                Epochs = 100, BatchSize = 128, LearningRate = 0.1, Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4,
                WarmupFraction = 0.05, Decay = LearningRateDecay.Cosine,
            },
            Images = new() { RandomCropPadding = 4, HorizontalFlip = true },
            Pruning = new() { Target = PruningTarget.Channels(0.2) },
        },
        ["photos"] = new()
        {
            Network = Networks.ByName("resnet18"),
            Training = new()
            {
                Epochs = 90, BatchSize = 64, LearningRate = 0.05, WeightDecay = 1e-4,
                WarmupFraction = 0.05, Decay = LearningRateDecay.Cosine, LabelSmoothing = 0.1,
            },
            Images = new() { Resizing = ImageResizing.IsoCrop, RandomResizedCropMinScale = 0.25 },
        },
        ["finetune"] = new()
        {
            Training = new()
            {
                Epochs = 20, BatchSize = 64, LearningRate = 0.01, WeightDecay = 1e-4,
                WarmupFraction = 0.1, Decay = LearningRateDecay.Cosine,
                FitClassifierFirst = true, LayerRateDecay = 0.9,
            },
            Images = new() { Resizing = ImageResizing.IsoCrop, RandomResizedCropMinScale = 0.5 },
        },
    };

    /// <summary>The names, as the command line spells them: <c>cifar</c>, <c>photos</c>, <c>finetune</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_byName.Keys];

    /// <summary>
    /// Small images, from random weights: ResNet-20 at 32x32, SGD with Nesterov momentum 0.9 and weight decay 5e-4, a
    /// learning rate that rises to 0.1 in 5 of 100 epochs and falls by a cosine, batches of 128, crops after a padding
    /// of 4, and flips. He et al. (2016) train with the same rate, batches and augmentation, but with a weight decay of
    /// 1e-4, plain momentum, steps of 0.1 and 164 epochs. A fifth of the channels is removed (0.2), the fraction that
    /// cost ResNet-20 less than 1.5 points of accuracy on CIFAR-10 (docs/results/compare.md).
    /// </summary>
    public static TrainingRecipe Cifar => s_byName["cifar"];

    /// <summary>
    /// Photographs, from random weights: ResNet-18 at 224x224, 90 epochs of SGD with a learning rate of up to 0.05,
    /// random crops of at least a quarter of the area, and label smoothing. Other images are center-cropped
    /// (<see cref="ImageResizing.IsoCrop"/>).
    /// </summary>
    public static TrainingRecipe Photos => s_byName["photos"];

    /// <summary>
    /// Pretrained weights, for example of ImageNet: the classifier is fitted to the features of the given
    /// weights, then all layers are trained for 20 epochs of SGD, with a learning rate of up to 0.01 that falls by 0.9
    /// from each layer to the one before it. Images are center-cropped (<see cref="ImageResizing.IsoCrop"/>). Set
    /// <see cref="TrainingRecipe.Network"/> and <see cref="TrainingRecipe.Weights"/>.
    /// </summary>
    public static TrainingRecipe FineTune => s_byName["finetune"];

    /// <summary>Returns a preset by its name, ignoring case.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InvalidOptionsException">There is no preset of that name; the message lists the
    /// names.</exception>
    public static TrainingRecipe ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return s_byName.GetValueOrDefault(name)
            ?? throw new InvalidOptionsException(
                ErrorCodes.PresetUnknown,
                $"There is no preset '{name}'. Known: {string.Join(", ", Names)}.{NearestNames.Question(name, Names)}");
    }
}
