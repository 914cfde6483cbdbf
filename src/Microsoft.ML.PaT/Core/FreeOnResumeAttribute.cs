namespace Microsoft.ML.PaT.Core;

/// <summary>Marks an option that may differ when a run resumes from a checkpoint.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FreeOnResumeAttribute : Attribute;
