namespace PaT.Cli;

/// <summary>The codes of errors that only the command line has. docs/errors.md lists meanings and cures.</summary>
internal static class CliErrorCodes
{
    public const string ArgumentInvalid = "argument-invalid";
    public const string TestImagesMissing = "test-images-missing";
    public const string InputFileInvalid = "input-file-invalid";
    public const string DownloadFailed = "download-failed";
}
