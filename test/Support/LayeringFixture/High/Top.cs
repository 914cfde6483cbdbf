namespace Microsoft.ML.PaT.LayeringFixture.High;

public class Top : Low.Base
{
    public static int Value => 1;
}
