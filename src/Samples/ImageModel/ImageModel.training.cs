using Microsoft.ML;
using Microsoft.ML.PaT;

namespace PaT.Samples;

/// <summary>The code that Model Builder generates to train a model.</summary>
public partial class ImageModel
{
    /// <summary>Default folder of the images.</summary>
    public const string RetrainFilePath = "images";

    /// <summary>Passes over the images.</summary>
    public static int Epochs { get; set; } = 30;

    /// <summary>Trains a model and saves it.</summary>
    /// <param name="outputModelPath">The file to write.</param>
    /// <param name="inputDataFilePath">A folder with one folder of images for each class.</param>
    public static void Train(string outputModelPath, string inputDataFilePath = RetrainFilePath)
    {
        var mlContext = new MLContext(seed: 1);
        var data = LoadIDataViewFromFolder(mlContext, inputDataFilePath);
        var model = RetrainModel(mlContext, data);
        SaveModel(mlContext, model, data, outputModelPath);
        (model as IDisposable)?.Dispose();
    }

    /// <summary>The images of a folder as rows. An image is read when its row is read.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="inputDataFilePath">A folder with one folder of images for each class.</param>
    public static IDataView LoadIDataViewFromFolder(MLContext mlContext, string inputDataFilePath) =>
        mlContext.Data.LoadFromEnumerable(ImageFolder.Read(inputDataFilePath).Training
            .Select(image => new ModelInput { Label = image.Label, ImageSource = image.Image }));

    /// <summary>Saves a model.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">The training data, for its schema.</param>
    /// <param name="modelSavePath">The file to write.</param>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        mlContext.Model.Save(model, data.Schema, modelSavePath);

    /// <summary>Trains a model on other images.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="trainData">Rows of <see cref="ModelInput"/>.</param>
    public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData) =>
        BuildPipeline(mlContext).Fit(trainData);

    /// <summary>
    /// Labels to keys, the classifier, which is pruned while it trains, and predicted keys to labels.
    /// </summary>
    /// <param name="mlContext">The context.</param>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
        mlContext.Transforms.Conversion.MapValueToKey(outputColumnName: "Label", inputColumnName: "Label")
            .Append(mlContext.PaT().ImageClassification(
                labelColumnName: "Label", imageColumnName: "ImageSource", pruningRatio: 0.5, epochs: Epochs))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(
                outputColumnName: "PredictedLabel", inputColumnName: "PredictedLabel"));
}
