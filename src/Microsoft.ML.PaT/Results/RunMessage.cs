namespace Microsoft.ML.PaT.Results;

/// <summary>An event that has only a text, such as a fallback or a warning.</summary>
internal sealed record RunMessage(string Message) : RunEvent
{
    public override string Text => Message;
}
