namespace Microsoft.ML.PaT.Training;

/// <summary>What the optimizer is told for one step.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Momentum">The momentum, 0 to 1 (excluded).</param>
internal readonly record struct StepRates(double LearningRate, double Momentum);
