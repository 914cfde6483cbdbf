namespace Microsoft.ML.PaT.Runs;

/// <summary>The last pruning step of a run.</summary>
/// <param name="Epoch">Its epoch, from 0.</param>
/// <param name="At">Epochs since the start of the run, fractions within an epoch.</param>
/// <param name="Seconds">Seconds since the start of the run.</param>
/// <param name="MacFraction">The compact network's multiply-accumulates as a fraction of the dense network's.</param>
internal sealed record LastPruning(int Epoch, double At, double Seconds, double MacFraction);
