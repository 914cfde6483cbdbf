namespace TorchSharp;

/// <summary>What became of the tensors of one thread since the last <see cref="Reset"/>.</summary>
public class ThreadDisposeScopeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }
    public long CreatedInScopeCount { get; internal set; }
    public long DisposedInScopeCount { get; internal set; }
    public long DetachedFromScopeCount { get; internal set; }
    internal long DisposedOutsideScopeCount { get; set; }
    internal long AttachedToScopeCount { get; set; }

    public long ThreadTotalLiveCount =>
        CreatedInScopeCount - DisposedInScopeCount + CreatedOutsideScopeCount - DisposedOutsideScopeCount;

    public void Reset() =>
        CreatedOutsideScopeCount = CreatedInScopeCount = DisposedInScopeCount = DetachedFromScopeCount = DisposedOutsideScopeCount = AttachedToScopeCount = 0;
}
