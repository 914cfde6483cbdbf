namespace PaT.Cli;

/// <summary>The prediction of a model for one image.</summary>
public sealed class Prediction
{
    /// <summary>The predicted class.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of every class, in training-key order.</summary>
    public float[] Score { get; set; } = [];
}
