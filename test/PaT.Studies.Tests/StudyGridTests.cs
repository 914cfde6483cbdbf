namespace PaT.Studies.Tests;

public sealed class StudyGridTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void The_oracle_has_a_dense_run_and_the_indicators_beside_every_epoch()
    {
        var cells = new OracleStudy(Settings.Of("resnet20"), ["taylor", "magnitude"], [0.5, 0.7], [0, 3, 5])
            .Cells(new CellResults())
            .ToList();
        Assert.That(cells, Is.Unique);
        // For each of two seeds: dense, and for each of four settings the indicator and three epochs.
        Assert.That(cells, Has.Count.EqualTo(2 * (1 + (4 * (1 + 3)))));
    }

    [Test]
    public void Retraining_has_both_controls_for_every_plan_and_budget()
    {
        var study = new RetrainingStudy(
            Settings.Of("resnet20-cifar-a"), ["R56-A", "R56-B"], ["l1", "random"], ["ft", "clr", "llr"], [3, 5]);
        var cells = study.Cells(new CellResults()).ToList();
        Assert.That(cells, Is.Unique);
        // For each of two seeds: dense; dense trained on by 3 schedules for 2 budgets; 2 plans x 2 budgets x (2
        // criteria x 3 schedules + from scratch).
        Assert.That(cells, Has.Count.EqualTo(2 * (1 + 6 + (4 * 7))));
        Assert.That(
            cells.Where(c => c.Factor("method") == "scratch").Select(c => c.Recipe.Training.Epochs).Distinct(),
            Is.EquivalentTo(new[] { 11, 13 }),
            "8 dense epochs and those of the budget");
        var dense = cells.Where(c => c.Factor("budget") == "0").ToDictionary(c => c.Factor("seed"), c => c.Id);
        var retrained = cells.Where(c => c.Factor("budget") != "0" && c.Factor("method") != "scratch");
        Assert.That(retrained.All(c => c.Start!.Value == (dense[c.Factor("seed")], 7)), Is.True);
    }

    [Test]
    public void Equal_work_and_the_controls_follow_the_indicators_run()
    {
        var study = new CompareStudy(
            Settings.Of("resnet20") with { Seeds = 1 },
            0.5,
            "magnitude",
            ["random", "snip"],
            ["ft", "clr"],
            retraining: 2);
        var results = new CellResults();
        var first = study.Cells(results).ToList();
        // Dense, two at initialization, Early-Bird, indicator, the shared dense epochs, and two retrainings of them.
        Assert.That(first.Distinct().Count(), Is.EqualTo(8));

        foreach (var cell in first.Distinct())
        {
            var method = cell.Factor("method");
            results.Finish(
                cell,
                Result(
                    epochs: cell.Recipe.Training.Epochs,
                    macEpochs: method switch
                    {
                        "indicator" => 5,
                        "dense" => 8,
                        "dense, to be pruned" => 6,
                        _ when method.StartsWith("after") => 6.5,
                        _ => 2,
                    },
                    prunedAt: method == "indicator" ? 4.3 : null,
                    macs: method == "indicator" ? 25 : 100,
                    parameters: method == "indicator" ? 400 : 1000));
        }

        var cells = study.Cells(results).ToList();
        var controls = cells.Where(c => c.Factor("method").Contains(", equal ") && c.Factor("policy") != "init")
            .Distinct()
            .ToList();
        Assert.That(controls.Select(c => c.Recipe.Pruning.Policy), Is.All.EqualTo(PruningPolicy.AtEpoch(4)));
        Assert.That(controls.Select(c => c.Recipe.Pruning.Target.Ratio), Is.EqualTo(new[] { 0.75, 0.75, 0.6, 0.6 }));
        Assert.That(
            controls.Select(c => c.Recipe.Pruning.Criterion.Name),
            Is.EqualTo(new[] { "random", "magnitude", "random", "magnitude" }));
        var dense = cells.First(c => c.Factor("method") == "dense");
        Assert.That(
            controls.Select(c => c.Start), Is.All.EqualTo((dense.Id, 3)),
            "they continue the dense run; the epoch before the cut scores channels");
        Assert.That(
            cells.Take(6).Select(c => c.Factor("method")),
            Is.EqualTo(new[]
            {
                "dense", "indicator", "its widths from scratch, equal epochs",
                "its widths from scratch, equal seconds", "uniform widths from scratch, equal seconds",
                "random channels, equal macs",
            }),
            "the most decisive first");

        var scratch = cells.Where(c => c.Factor("method").Contains("from scratch"))
            .Distinct()
            .OrderBy(c => c.Factor("method"))
            .Select(c => (c.Factor("method"), c.Recipe.Training.Epochs, c.Recipe.Pruning.Policy));
        Assert.That(
            scratch,
            Is.EqualTo(new[]
            {
                ("its widths from scratch, equal epochs", 8, PruningPolicy.AtInitialization),
                ("its widths from scratch, equal seconds", 13, PruningPolicy.AtInitialization),
                ("uniform widths from scratch, equal epochs", 8, PruningPolicy.AtInitialization),
                ("uniform widths from scratch, equal seconds", 13, PruningPolicy.AtInitialization),
            }),
            "10 s of the indicator's run at 0.75 s for each compact epoch are 13.3 epochs");

        var work = cells.Where(c => c.Factor("budget") == "equal work")
            .Distinct()
            .ToDictionary(
                c => c.Factor("method"), c => $"{c.Recipe.Training.Epochs}+{c.Recipe.Pruning.Retraining?.Epochs}");
        Assert.That(work["dense"], Is.EqualTo("5+"), "8 epochs x 5/8");
        Assert.That(work["at initialization, snip"], Is.EqualTo("20+"), "8 epochs x 5/2");
        Assert.That(work["after training, clr"], Is.EqualTo("5+2"), "6 and 2 epochs x 5/6.5, rounded");
    }

    [Test]
    public void Pages_show_what_there_is()
    {
        var settings = Settings.Of("resnet20") with { Seeds = 2 };
        var study = new OracleStudy(settings, ["taylor"], [0.5], [0, 3]);
        Assert.That(study.Page(new CellResults()).Lead, Does.StartWith("No epoch of pruning is finished"));

        var results = new CellResults();
        foreach (var cell in study.Cells(results))
        {
            var accuracy =
                0.5 + (cell.Factor("policy") == "epoch:3" ? 0.02 : 0) + (0.01 * int.Parse(cell.Factor("seed")));
            results.Finish(
                cell,
                Result(8, 5, cell.Factor("method") == "indicator" ? 2.4 : null, 25, 400) with
                {
                    Test = accuracy,
                    Validation = accuracy,
                });
        }

        var page = study.Page(results);
        Assert.That(
            page.Lead, Does.StartWith("Mean regret of the indicator against the oracle over 1 settings: +2.00 points"));
        Assert.That(
            page.Tables[0].Rows.Single().Skip(3).Take(4),
            Is.EqualTo(new[] { "2.4, 2.4", "51.50 ± 0.71", "3", "+2.00 [+2.00, +2.00]" }));
        Assert.That(page.Charts.Single()!.ToString(), Does.Contain("indicator 2.4"));
    }

    [Test]
    public void The_cost_of_the_oracle_counts_shared_dense_epochs_once()
    {
        var study = new OracleStudy(Settings.Of("resnet20"), ["taylor"], [0.5], [0, 3]);
        var results = new CellResults();
        foreach (var cell in study.Cells(results))
        {
            var (work, seconds) = cell.Factor("policy") switch
            {
                "never" => (8.0, 40.0), // 5 s an epoch
                "epoch:0" => (3.0, 12.0),
                _ => (5.0, 25.0), // of which pruning after 3 epochs takes over 2
            };
            results.Finish(cell, Result(8, work, null, 25, 400) with { Seconds = seconds });
        }
        Assert.That(
            study.Page(results).Lead,
            Does.Contain("took 28 MAC-epochs and 134 seconds, the shared dense runs counted once"),
            "2 seeds of 8 + 3 + (5 - 2) epochs and 40 + 12 + (25 - 10) s");
    }

    [Test]
    public void Schedules_are_compared_over_what_all_of_them_have()
    {
        var study = new RetrainingStudy(
            Settings.Of("resnet20-cifar-a"), ["R56-A"], ["l1"], ["ft", "clr"], [3, 5]);
        var results = new CellResults();
        Assert.That(study.Page(results).Lead, Does.StartWith("No plan, budget, criterion and seed is finished"));
        Finish("ft", "3", 0.6);
        Finish("ft", "5", 0.9);
        Finish("clr", "3", 0.7);
        Assert.That(
            study.Page(results).Lead,
            Is.EqualTo("Over the 2 of 4 networks that are finished for all schedules, the validation images choose "
                + "clr. Mean test accuracy by schedule: ft 60.00%, clr 70.00%."));
        Finish("clr", "5", 0.7);
        Assert.That(
            study.Page(results).Lead,
            Is.EqualTo("Over all plans, budgets and criteria the validation images choose ft. Mean test accuracy by "
                + "schedule: ft 75.00%, clr 70.00%."));

        void Finish(string schedule, string budget, double accuracy)
        {
            foreach (var cell in study.Cells(results).Where(c => c.Factor("method") == "pruned"))
            {
                if (cell.Factor("schedule") != schedule || cell.Factor("budget") != budget) continue;
                results.Finish(cell, Result(11, 8, 8, 25, 400) with { Test = accuracy, Validation = accuracy });
            }
        }
    }

    [Test]
    public void The_files_have_the_columns_that_evaluations_read()
    {
        var settings = Settings.Of("resnet20");
        var oracle = new OracleStudy(settings, ["taylor"], [0.5], [3]);
        Assert.That(
            string.Join(',', oracle.Columns.Select(c => c.Name)),
            Is.EqualTo(
                "dataset,network,criterion,ratio,policy,prune_epoch,seed,test_accuracy,validation_accuracy,parameters,"
                    + "macs,mac_epochs,seconds,wall_seconds,threads,latency_ms,epochs"));
        var retraining = new RetrainingStudy(Settings.Of("resnet20-cifar-a"), ["R56-A"], ["l1"], ["ft"], [3]);
        Assert.That(
            string.Join(',', retraining.Columns.Select(c => c.Name)),
            Is.EqualTo(
                "dataset,network,plan,criterion,schedule,budget,seed,test_accuracy,validation_accuracy,parameters,macs,"
                    + "epochs"));

        var results = new CellResults();
        foreach (var cell in oracle.Cells(results)) results.Finish(cell, Result(8, 5, null, 25, 400));
        var files = new StudyFiles(_folder.Path, "oracle");
        files.Write(oracle, settings, results, oracle.Page(results));
        var rows = File.ReadAllLines(files.Csv);
        Assert.That(rows, Has.Length.EqualTo(1 + 2 * 3));
        Assert.That(rows[1], Does.StartWith("images,resnet20-cifar,,,never,,1,0.5,0.5,400,25,5,"));
        Assert.That(rows[2], Does.StartWith("images,resnet20-cifar,taylor,0.5,epi,,1,0.5"));
    }

    private static CellResult Result(int epochs, double macEpochs, double? prunedAt, long macs, long parameters) =>
        new()
        {
            Validation = 0.5,
            Test = 0.5,
            TestImages = 100,
            Epochs = epochs,
            PrunedAt = prunedAt,
            Reason = prunedAt is null ? null : "stable",
            Parameters = parameters,
            Macs = macs,
            LatencyMs = 1,
            MacEpochs = macEpochs,
            Seconds = 10,
            CompactEpochSeconds = prunedAt is null ? null : 0.75,
            WallSeconds = 11,
            Widths = new Dictionary<string, int>(),
            Machine = "a machine",
        };
}
