using Microsoft.ML;
using Microsoft.ML.Data;

namespace PaT.Samples;

/// <summary>The code that Model Builder generates to use a model.</summary>
public partial class ImageModel
{
    /// <summary>An image.</summary>
    public class ModelInput
    {
        /// <summary>Its class; empty for prediction.</summary>
        public string Label { get; set; } = "";

        /// <summary>The content of its file: JPEG, PNG, GIF, BMP or WebP.</summary>
        public byte[] ImageSource { get; set; } = [];
    }

    /// <summary>A prediction.</summary>
    public class ModelOutput
    {
        /// <summary>The most probable class.</summary>
        public string PredictedLabel { get; set; } = "";

        /// <summary>The probability of every class, in the order of <see cref="GetLabels"/>.</summary>
        public float[] Score { get; set; } = [];
    }

    /// <summary>The file of the model; loaded at the first prediction.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("ImageModel.mlnet");

    /// <summary>
    /// The prediction engine of <see cref="Predict"/>. It serves one thread at a time; the web service sample has a
    /// pool.
    /// </summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine =
        new(CreatePredictEngine, isThreadSafe: true);

    /// <summary>Predicts the class of one image.</summary>
    /// <param name="input">The image.</param>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>Returns every class with its probability, the most probable first.</summary>
    /// <param name="input">The image.</param>
    public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input) =>
        GetSortedScoresWithLabels(Predict(input));

    /// <summary>Returns every class with its probability, the most probable first.</summary>
    /// <param name="result">A prediction.</param>
    public static IOrderedEnumerable<KeyValuePair<string, float>> GetSortedScoresWithLabels(ModelOutput result) =>
        GetLabels().Zip(result.Score, KeyValuePair.Create).OrderByDescending(pair => pair.Value);

    /// <summary>The classes in the order of the scores.</summary>
    public static IEnumerable<string> GetLabels()
    {
        var labels = PredictEngine.Value.OutputSchema["Label"];
        VBuffer<ReadOnlyMemory<char>> names = default;
        labels.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(MLNetModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
    }
}
