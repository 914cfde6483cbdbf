using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>How far a run has come.</summary>
/// <param name="loop">Says how many steps an epoch has.</param>
internal sealed class RunCursor(TrainingLoop loop)
{
    /// <summary>Epochs that are over.</summary>
    public int Epoch { get; private set; }

    /// <summary>What was done of the present epoch.</summary>
    public TrainingSegment SoFar { get; private set; }

    /// <summary>Steps since the start of the run.</summary>
    public long Step => (long)Epoch * loop.StepsPerEpoch + SoFar.Step;

    /// <summary>Epochs since the start of the run, parts of one included.</summary>
    public double At => Epoch + (double)SoFar.Step / loop.StepsPerEpoch;

    /// <summary>Whether nothing of the present epoch is left to do.</summary>
    public bool IsEndOfEpoch => SoFar.Step == loop.StepsPerEpoch;

    /// <summary>Goes on from elsewhere.</summary>
    /// <param name="epoch">Epochs that are over.</param>
    /// <param name="soFar">What was done of the one after them.</param>
    public void MoveTo(int epoch, TrainingSegment soFar = default) => (Epoch, SoFar) = (epoch, soFar);

    /// <summary>Adds what was trained.</summary>
    public void Add(TrainingSegment stretch) => SoFar = SoFar.Then(stretch);
}
