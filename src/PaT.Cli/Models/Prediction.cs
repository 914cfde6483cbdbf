namespace PaT.Cli;

/// <summary>What a model says about one image.</summary>
public sealed class Prediction
{
    /// <summary>The class it takes it for.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of every class, in training-key order.</summary>
    public float[] Score { get; set; } = [];
}
