namespace PaT.Studies;

/// <summary>A grid has cells that cannot run; nothing was run, and the message lists them all.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
public sealed class ImpossibleCellsException(string message) : PaTException(message);
