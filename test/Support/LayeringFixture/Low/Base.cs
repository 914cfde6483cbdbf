namespace Microsoft.ML.PaT.LayeringFixture.Low;

public class Base
{
    public static int Up() => High.Top.Value;
}
