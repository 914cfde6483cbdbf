using Microsoft.ML;
using Microsoft.ML.Data;

namespace PaT.Samples;

/// <summary>The code that Model Builder generates to evaluate a model.</summary>
public partial class ImageModel
{
    /// <summary>Scores images that were not used in training.</summary>
    /// <param name="modelPath">The saved model.</param>
    /// <param name="inputDataFilePath">A folder with one folder of images for each class.</param>
    public static MulticlassClassificationMetrics Evaluate(string modelPath, string inputDataFilePath)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelPath, out _);
        using var owned = model as IDisposable;
        var scored = model.Transform(LoadIDataViewFromFolder(mlContext, inputDataFilePath));
        return mlContext.MulticlassClassification.Evaluate(scored, labelColumnName: "Label", scoreColumnName: "Score");
    }
}
