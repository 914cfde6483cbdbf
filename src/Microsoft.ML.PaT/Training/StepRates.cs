namespace Microsoft.ML.PaT.Training;

/// <summary>Learning rate and momentum of one step.</summary>
/// <param name="Momentum">The momentum, 0 to 1, 1 excluded.</param>
internal readonly record struct StepRates(double LearningRate, double Momentum);
