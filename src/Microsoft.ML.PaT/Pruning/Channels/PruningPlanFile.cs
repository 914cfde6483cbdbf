using System.Text.Json;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Pruning.Channels;

/// <summary>A plan as JSON.</summary>
/// <param name="Groups">For each group, the kept channels.</param>
/// <param name="Widths">For each prunable layer, its number of channels after pruning.</param>
internal sealed record PruningPlanFile(
    int Version, string Network, ImageShape Input, Dictionary<string, int[]> Groups, Dictionary<string, int> Widths)
{
    /// <summary>The version that this library writes, and the newest it reads.</summary>
    public const int NewestVersion = 1;

    private const int MaxFileBytes = 64 << 20;

    public static PruningPlanFile Read(string path)
    {
        try
        {
            var plan = JsonSerializer.Deserialize(
                SmallFile.ReadJson(path, MaxFileBytes).Span, PlanJson.Default.PruningPlanFile);
            if (plan is null || plan.Groups.Values.Any(g => g is null))
                throw new InvalidFileException(ErrorCodes.PlanInvalid, $"{path} holds no pruning plan.");
            return plan.Version == NewestVersion
                ? plan
                : throw new InvalidFileException(
                    ErrorCodes.VersionUnsupported,
                    $"{path} has version {plan.Version} of the format for plans; this library reads version "
                        + $"{NewestVersion}.");
        }
        catch (JsonException e)
        {
            throw new InvalidFileException(
                ErrorCodes.PlanInvalid, $"{path} is not a pruning plan: {JsonText.Describe(e)}", e);
        }
    }

    public static void Write(string path, PruningPlanFile plan) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, plan, PlanJson.Default.PruningPlanFile));
}
