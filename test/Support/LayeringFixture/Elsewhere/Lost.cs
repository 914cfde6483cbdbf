namespace Microsoft.ML.PaT.LayeringFixture.Elsewhere;

public enum Lost
{
    One,
}
