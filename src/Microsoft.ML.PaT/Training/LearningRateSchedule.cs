namespace Microsoft.ML.PaT;

/// <summary>The learning rate at a step: a linear warm-up, then a fall to zero. One schedule spans the whole run; the cut does not restart it (CVPR 2022).</summary>
internal sealed class LearningRateSchedule(TrainingOptions options, long steps)
{
    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        var warmUp = options.WarmUpShare * steps;
        if (step < warmUp) return options.LearningRate * (step + 1) / Math.Ceiling(warmUp);
        var done = (step - warmUp) / Math.Max(1, steps - warmUp);
        return options.LearningRate * (options.Decay == LearningRateDecay.Cosine ? (1 + Math.Cos(Math.PI * done)) / 2 : 1 - done);
    }
}
