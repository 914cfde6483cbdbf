using System.Globalization;

namespace PaT.Cli.Tests;

public sealed class ScheduleCommandTests
{
    [Test]
    public void Prints_a_line_a_step()
    {
        var (exitCode, output, error) = Pat.Run(
            "study", "schedule", "--name", "clr", "--epochs", "72", "--steps", "782", "--peak", "0.1", "--low",
            "0.001");
        Assert.That((exitCode, output.Length, error.Length), Is.EqualTo((0, 72 * 782, 0)));
        Assert.That(output[0], Does.StartWith("0,0,0.001").And.EndsWith(",0.95"));
        Assert.That(output[782], Does.StartWith("1,0,0.005639"));
        Assert.That(output[^1], Does.StartWith("71,781,"));
        Assert.That(Rate(output[^1]), Is.EqualTo(1e-5).Within(1e-12));
    }

    [TestCase("--name clr --final 0.001", 71, 0.001)]
    [TestCase("--name ft --low 0.002", 0, 0.002)]
    [TestCase("--name lrw", 31, 0.01)]
    [TestCase("--name lrw", 32, 0.001)]
    [TestCase("--name lrw --low 0.0001", 32, 0.0001)]
    [TestCase("--name slr --low 0.001", 0, 0.001)]
    [TestCase("--name slr --low 0.001", 39, 0.01)]
    [TestCase("--name slr --drops 100 --original-epochs 200", 39, 0.01)]
    [TestCase("--name llr", 71, 0)]
    [TestCase("--name allr --weight-change 0.7", 6, 0.07)]
    [TestCase("--name allr --weight-change 0.7 --low 0.002", 6, 0.07)]
    public void Follows_its_options(string options, int epoch, double rate)
    {
        var (exitCode, output, _) =
            Pat.Run(["study", "schedule", "--epochs", "72", "--steps", "10", "--peak", "0.1", .. options.Split(' ')]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(Rate(output[epoch * 10 + 9]), Is.EqualTo(rate).Within(rate / 50 + 1e-12));
    }

    [Test]
    public void A_long_schedule_can_be_stopped()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var (exitCode, _, _) =
            Pat.Run(stop.Token, "study", "schedule", "--name", "clr", "--epochs", "1000000", "--steps", "1000000");
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped));
    }

    [Test]
    public void The_momentum_can_be_held_steady()
    {
        var (_, output, _) = Pat.Run(
            "study", "schedule", "--name", "clr", "--epochs", "3", "--steps", "10", "--steady-momentum", "--momentum",
            "0.8");
        Assert.That(output, Is.All.EndsWith(",0.8"));
    }

    [TestCase("--name ft --steady-momentum", "--steady-momentum has no meaning with ft")]
    [TestCase("--name llr --final 0.001", "--final has no meaning with llr")]
    public void An_option_of_another_schedule_is_refused(string options, string expected)
    {
        var (exitCode, _, error) = Pat.Run(["study", "schedule", .. options.Split(' ')]);
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(string.Join(' ', error), Does.Contain(expected));
    }

    private static double Rate(string line) => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture);
}
