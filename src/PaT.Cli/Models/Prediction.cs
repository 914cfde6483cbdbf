namespace PaT.Cli;

/// <summary>The prediction of a model for one image.</summary>
public sealed class Prediction
{
    /// <summary>The predicted class.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>Probability of each class, in the order of the training keys.</summary>
    public float[] Score { get; set; } = [];
}
