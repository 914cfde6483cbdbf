namespace Microsoft.ML.PaT;

/// <summary>An event that has only a text, such as a fallback or a warning.</summary>
public sealed record RunMessage : RunEvent
{
    /// <summary>Creates a message.</summary>
    /// <param name="text">What happened: one line, in English.</param>
    public RunMessage(string text) => Text = text;

    /// <inheritdoc/>
    public override string Text { get; }
}
