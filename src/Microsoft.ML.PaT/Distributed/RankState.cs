namespace Microsoft.ML.PaT;

/// <summary>What a rank does, as its signs of life say.</summary>
internal enum RankState
{
    /// <summary>It computes, or hangs: from outside that is one.</summary>
    Busy,

    /// <summary>It waits for the other ranks.</summary>
    Waiting,

    /// <summary>A collective failed, so another rank is not well.</summary>
    InTrouble,

    /// <summary>It ends with an error of its own.</summary>
    Failed,

    /// <summary>It has come to its end.</summary>
    Done,
}
