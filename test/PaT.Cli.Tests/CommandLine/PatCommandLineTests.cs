namespace PaT.Cli.Tests;

public sealed class PatCommandLineTests
{
    [TestCase("train --epochs 0", "--epochs must be at least 1, but is '0'")]
    [TestCase("train --epochs ten", "--epochs must be at least 1, but is 'ten'")]
    [TestCase("train --prune-channels 0", "--prune-channels must be between 0 and 1, both excluded")]
    [TestCase("train --prune-channels 1", "--prune-channels must be between 0 and 1, both excluded")]
    [TestCase("train --prune-channels NaN", "--prune-channels must be between 0 and 1, both excluded")]
    [TestCase("train --lr 0", "--lr must be greater than 0")]
    [TestCase("train --lr Infinity", "--lr must be greater than 0")]
    [TestCase("train --batch 1", "--batch must be 2 to 65536")]
    [TestCase("train --limit 0", "--limit must be at least 1")]
    [TestCase("train --threads 0", "--threads must be at least 1")]
    [TestCase("train --tau 1.5", "--tau must be greater than 0, at most 1")]
    [TestCase("train --label-smoothing 1", "--label-smoothing must be from 0 to 1")]
    [TestCase("train --class-weights heavy", "heavy")]
    [TestCase("train --optimizer adam", "--optimizer must be one of sgd, adamw, lars")]
    [TestCase("train --weight-decay -1", "--weight-decay must be 0 or greater")]
    [TestCase("train --clip 0", "--clip must be greater than 0")]
    [TestCase("train --accumulate 0", "--accumulate must be 1 to 1024")]
    [TestCase("train --ema 1", "--ema must be above 0, below 1")]
    [TestCase("train --memory-format rows", "--memory-format must be one of automatic, measured, channels-first, channels-last")]
    [TestCase("train --kernels slow", "--kernels must be one of fused, plain")]
    [TestCase("train --precision half", "--precision must be one of float32, bfloat16, float16")]
    [TestCase("train --distill 2", "--distill must be above 0, at most 1")]
    [TestCase("train --distill-temperature 0", "--distill-temperature must be above 0")]
    [TestCase("train --grow-batch 0.5", "--grow-batch must be 1 to 64")]
    [TestCase("train --resized-crop 0", "--resized-crop must be above 0, at most 1")]
    [TestCase("train --jitter 2", "--jitter must be from 0 to 1")]
    [TestCase("train --cutout 5000", "--cutout must be 0 to 4096")]
    [TestCase("train --mixup 11", "--mixup must be 0 to 10")]
    [TestCase("train --cutmix 11", "--cutmix must be 0 to 10")]
    [TestCase("train --image-memory NaN", "--image-memory must be 0 or more")]
    [TestCase("train --resize squeeze", "--resize must be one of fill, iso-pad, iso-crop")]
    [TestCase("train --round-to 0", "--round-to must be 1 to 64")]
    [TestCase("train --policy sometimes", "--policy must be one of epi|early-bird|init|epoch:N|after|never")]
    [TestCase("train --policy epoch:-1", "--policy must be one of epi|early-bird")]
    [TestCase("train --policy epoch:5 --epochs 5", "--policy epoch:5 never comes")]
    [TestCase("train --policy never --tau 0.9", "--tau is the threshold of --policy epi")]
    [TestCase("train --policy after", "--policy after needs --retrain-epochs")]
    [TestCase("train --policy never --retrain clr", "have no meaning with --policy never")]
    [TestCase("train --retrain lrw --retrain-epochs 31", "replays the last epochs of the run, which has 30")]
    [TestCase("train --retrain warm", "warm")]
    [TestCase("train --retrain-epochs 0", "--retrain-epochs must be at least 1")]
    [TestCase("train --drops 10", "--drops has no meaning without --decay steps")]
    [TestCase("train --decay steps --drops 30", "--drops must be ascending epochs of the run, 1 to 29")]
    [TestCase("train --schedule warm", "warm")]
    [TestCase("train --criterion taste", "taste")]
    [TestCase("train --device tpu", "tpu")]
    [TestCase("train --decay never", "never")]
    [TestCase("train --checkpoint-minutes 0", "--checkpoint-minutes must be greater than 0")]
    [TestCase("train --keep-checkpoints 0", "--keep-checkpoints must be at least 1")]
    [TestCase("train --patience 0", "--patience must be at least 1")]
    [TestCase("train --on-divergence pray", "pray")]
    [TestCase("train --network lenet", "lenet")]
    [TestCase("train --seed", "--seed")]
    [TestCase("train --data /no/such/folder --out {out}", "/no/such/folder")]
    [TestCase("study indicator", "give either --curve FILE --tau X or --counts FILE")]
    [TestCase("study indicator --curve x.json", "--curve needs --tau X")]
    [TestCase("study indicator --curve /no/such/file --tau 0.9", "/no/such/file")]
    [TestCase("study schedule --epochs 72 --steps 10", "--name")]
    [TestCase("study schedule --name warm --epochs 72 --steps 10", "warm")]
    [TestCase("study schedule --name clr --epochs 0 --steps 10", "--epochs must be at least 1")]
    [TestCase("study schedule --name clr --epochs 72 --steps 0", "--steps must be at least 1")]
    [TestCase("study schedule --name clr --epochs 72 --steps 10 --peak 0", "--peak must be greater than 0")]
    [TestCase("study schedule --name ft --epochs 72 --steps 10 --low 0.2", "--low must be at most --peak")]
    [TestCase("study schedule --name ft --epochs 72 --steps 10 --final 0.01", "final rate")]
    [TestCase("study schedule --name lrw --epochs 161 --steps 10", "Retraining.Epochs is 161; learning-rate rewinding replays the last epochs of the original run, which has 160")]
    [TestCase("study schedule --name lrw --epochs 72 --steps 10 --drops 120,80", "--drops must be ascending epochs of the run, 1 to 159")]
    [TestCase("study schedule --name lrw --epochs 72 --steps 10 --drops 80,x", "--drops")]
    [TestCase("study schedule --name lrw --epochs 72 --steps 10 --original-epochs 100", "--drops must be ascending epochs of the run, 1 to 99")]
    [TestCase("fly", "fly")]
    [TestCase("--fly", "--fly")]
    public void What_is_wrong_takes_one_line(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = Pat.Run(line.Replace("{out}", folder.Path).Split(' '));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(error, Has.Length.EqualTo(1));
        Assert.That(error[0], Does.StartWith("error: ").And.Contains(expected));
    }

    [Test]
    public void A_folder_that_cannot_be_written_to_is_found_before_training()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = Pat.Run("train", "--out", folder.Write("file", "in the way"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1));
        Assert.That(error[0], Does.StartWith("error: cannot write to the folder"));
    }

    [TestCase("--help", "quickstart")]
    [TestCase("train --help", "epi|early-bird|init|epoch:N|after|never")]
    [TestCase("quickstart --help", "--no-reference")]
    [TestCase("study indicator --help", "--counts")]
    public void Help_is_a_result(string line, string expected)
    {
        var (exitCode, output, error) = Pat.Run(line.Split(' '));
        Assert.That(exitCode, Is.Zero);
        Assert.That(string.Join('\n', output), Does.Contain(expected));
        Assert.That(error, Is.Empty);
    }

    [Test]
    public void An_unexpected_error_is_one_line_too()
    {
        var error = OneLine.Of(new TypeInitializationException("X", new DllNotFoundException("Unable to load\nthe library")));
        Assert.That(error, Is.EqualTo("DllNotFoundException: Unable to load the library"));
    }
}
