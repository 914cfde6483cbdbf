using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Position of a run in epochs and steps.</summary>
internal sealed class RunCursor(TrainingLoop loop)
{
    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    /// <summary>Completed part of the current epoch.</summary>
    public TrainingSegment SoFar { get; private set; }

    /// <summary>Steps since the start of the run.</summary>
    public long Step => (long)Epoch * loop.StepsPerEpoch + SoFar.Step;

    /// <summary>Epochs since the start of the run, fractions within an epoch.</summary>
    public double At => Epoch + (double)SoFar.Step / loop.StepsPerEpoch;

    /// <summary>Whether all steps of the current epoch are done.</summary>
    public bool IsEndOfEpoch => SoFar.Step == loop.StepsPerEpoch;

    /// <param name="epoch">Epochs done.</param>
    public void MoveTo(int epoch, TrainingSegment soFar = default) => (Epoch, SoFar) = (epoch, soFar);

    public void Add(TrainingSegment segment) => SoFar = SoFar.Then(segment);
}
