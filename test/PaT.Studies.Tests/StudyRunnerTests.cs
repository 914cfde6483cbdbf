namespace PaT.Studies.Tests;

public sealed class StudyRunnerTests
{
    private static readonly StudySettings s_settings = Settings.Of("resnet20");

    private TemporaryFolder _folder = null!;
    private List<string> _said = null!;

    [SetUp]
    public void SetUp() => (_folder, _said) = (new TemporaryFolder(), []);

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Finished_cells_are_not_run_again()
    {
        var study = new Grid(Cells(4));
        var first = new FakeRunner();
        await RunAsync(study, first);
        Assert.That(first.Ran, Is.EquivalentTo(study.All.Select(c => c.Id)));

        var second = new FakeRunner();
        var results = await RunAsync(study, second);
        Assert.That(second.Ran, Is.Empty);
        Assert.That(study.All.Select(c => results[c]!.Test), Is.All.EqualTo(0.5));
        Assert.That(_said, Has.Some.Contains("4 cells, 4 finished before"));
    }

    [Test]
    public async Task The_time_is_told_before_the_first_cell_and_the_progress_after_each()
    {
        await RunAsync(new Grid(Cells(3)), new FakeRunner(), parallel: 1, timeEpoch: () => 30);
        Assert.That(_said[0], Does.StartWith("grid: 3 cells, 0 finished before"));
        Assert.That(
            _said[1],
            Does.Contain("a dense epoch takes 30.0 s").And.EndsWith("at most about 12 min"),
            "3 cells of 8 epochs");
        Assert.That(_said[2], Does.Contain("1 of 3 cells done, about").And.EndsWith("left"));
        Assert.That(_said[^1], Does.EndWith("3 of 3 cells done"));
        _said.Clear();
        await RunAsync(new Grid(Cells(3)), new FakeRunner(), timeEpoch: () =>
            throw new InvalidOperationException("nothing to time"));
        Assert.That(_said, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Cells_run_if_their_time_cannot_be_estimated()
    {
        var results = await RunAsync(
            new Grid(Cells(2)), new FakeRunner(), timeEpoch: () => throw new CellFailedException("diverged"));
        Assert.That(_said, Has.One.EqualTo("the time cannot be estimated: diverged"));
        Assert.That(_said[^1], Does.EndWith("2 of 2 cells done"));
        Assert.That(results.Failed, Is.Empty);
    }

    [Test]
    public async Task The_results_so_far_are_passed_on_after_each_cell()
    {
        var study = new Grid(Cells(3));
        var finished = new List<int>();
        var runner = new StudyRunner(
            _folder.Path, new CellCheck(s_settings.Images), new FakeRunner(), parallel: 1, _said.Add)
        {
            CellEnded = soFar => finished.Add(study.All.Count(cell => soFar[cell] is not null)),
        };
        await runner.RunAsync(study, CancellationToken.None);
        Assert.That(finished, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_study_that_was_stopped_goes_on_where_it_was()
    {
        var study = new Grid(Cells(5));
        using var stop = new CancellationTokenSource();
        var first = new FakeRunner { Before = (cell, _) => { if (cell == study.All[2]) { stop.Cancel(); } } };
        var part = await RunAsync(study, first, parallel: 1, stop.Token);
        Assert.That(study.All.Select(c => part[c] is not null), Is.EqualTo(new[] { true, true, false, false, false }));
        Assert.That(part.Failed, Is.Empty);

        var second = new FakeRunner();
        await RunAsync(study, second);
        Assert.That(second.Ran, Is.EquivalentTo(study.All.Skip(2).Select(c => c.Id)));
    }

    [Test]
    public async Task A_failed_cell_is_recorded_the_others_go_on_and_the_next_start_tries_again()
    {
        var study = new Grid(Cells(4));
        var results = await RunAsync(
            study,
            new FakeRunner
            {
                Before = (cell, _) =>
                {
                    if (cell == study.All[1])
                    {
                        throw new CellFailedException("out of memory");
                    }
                },
            });
        Assert.That(
            results.Failed.Select(f => (f.Cell.Id, f.Error)), Is.EqualTo(new[] { (study.All[1].Id, "out of memory") }));
        Assert.That(study.All.Count(c => results[c] is not null), Is.EqualTo(3));
        var record = Path.Combine(_folder.Path, study.All[1].Id, "failed.json");
        Assert.That(File.ReadAllText(record), Does.Contain("out of memory"));

        var again = new FakeRunner();
        results = await RunAsync(study, again);
        Assert.That(again.Ran, Is.EqualTo(new[] { study.All[1].Id }));
        Assert.That((results.Failed.Count, File.Exists(record)), Is.EqualTo((0, false)));
    }

    [Test]
    public async Task A_reason_that_cannot_be_written_ends_no_study()
    {
        var study = new Grid(Cells(3));
        var results = await RunAsync(
            study,
            new FakeRunner
            {
                Before = (cell, folder) =>
                {
                    if (cell != study.All[1]) return;
                    Directory.CreateDirectory(Path.Combine(folder.Path, "failed.json"));
                    throw new CellFailedException("out of space");
                },
            });
        Assert.That(results.Failed.Select(f => f.Error), Is.EqualTo(new[] { "out of space" }));
        Assert.That(study.All.Count(c => results[c] is not null), Is.EqualTo(2));
        Assert.That(_said, Has.One.Contains("the reason was not written"));
    }

    [Test]
    public async Task A_study_that_is_stopped_while_it_is_timed_returns_what_is_finished()
    {
        var study = new Grid(Cells(3));
        await RunAsync(new Grid([study.All[0]]), new FakeRunner());
        using var stop = new CancellationTokenSource();
        var runner = new FakeRunner();
        var results = await RunAsync(study, runner, cancellation: stop.Token, timeEpoch: () =>
        {
            stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
            return 1;
        });
        Assert.That(runner.Ran, Is.Empty);
        Assert.That(study.All.Select(c => results[c] is not null), Is.EqualTo(new[] { true, false, false }));
        Assert.That(results.Failed, Is.Empty);
    }

    [Test]
    public async Task A_cell_that_leaves_no_result_or_a_damaged_one_has_failed()
    {
        var study = new Grid(Cells(2));
        var results = await RunAsync(study, new FakeRunner { Result = null });
        Assert.That(results.Failed, Has.Count.EqualTo(2));

        File.WriteAllText(Path.Combine(_folder.Path, study.All[0].Id, "result.json"), "{ \"test\": 0.5");
        var again = new FakeRunner();
        await RunAsync(study, again);
        Assert.That(again.Ran, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_grid_with_impossible_cells_is_refused_before_the_first_run_and_all_are_named()
    {
        var study = new Grid([
            .. Cells(2),
            Cell(1, ("training.epochs", "-5")),
            Cell(1, ("pruning.criterion", "horoscope")),
            Cell(1, ("network", "resnet8"), ("pruning.target", "channels:0.99")),
            Cell(1, ("network", "mobilenet_v2")),
        ]);
        var runner = new FakeRunner();
        Assert.That(
            () => RunAsync(study, runner),
            Throws.TypeOf<ImpossibleCellsException>()
                .With.Message.StartsWith("4 of 6 cells")
                .And.Message.Contains("-5")
                .And.Message.Contains("horoscope")
                .And.Message.Contains("99%")
                .And.Message.Contains("--size 32"));
        Assert.That(runner.Ran, Is.Empty);
    }

    [Test]
    public async Task As_many_cells_run_at_a_time_as_allowed()
    {
        // Each cell waits for company, but not for ever: of two at a time two meet, alone nobody does.
        Assert.That(await Most(parallel: 2, TimeSpan.FromSeconds(20)), Is.EqualTo(2));
        Assert.That(await Most(parallel: 1, TimeSpan.FromMilliseconds(20)), Is.EqualTo(1));

        async Task<int> Most(int parallel, TimeSpan patience)
        {
            var (now, most) = (0, 0);
            using var company = new ManualResetEventSlim();
            var runner = new FakeRunner
            {
                Before = (_, _) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref now));
                    if (now > 1)
                    {
                        company.Set();
                    }

                    company.Wait(patience);
                    Interlocked.Decrement(ref now);
                },
            };
            await RunAsync(new Grid([.. Cells(3 * parallel).Skip(parallel)]), runner, parallel);
            return most;
        }
    }

    [Test]
    public async Task Results_bring_further_cells_into_view_and_cells_wait_for_those_they_need()
    {
        var dense = s_settings.DenseRun(9, []);
        var needs = s_settings.Cell(9, [], [("pruning.policy", "epoch:3")], (dense, 3));
        var study = new Grid([needs, dense], results => results[dense] is { } r ? [Cell((int)(100 * r.Test))] : []);
        var runner = new FakeRunner();
        await RunAsync(study, runner, parallel: 2);
        Assert.That(runner.Ran, Has.Count.EqualTo(3));
        Assert.That(runner.Ran[0], Is.EqualTo(dense.Id));
        Assert.That(runner.Ran, Does.Contain(Cell(50).Id));
    }

    [Test]
    public async Task What_needs_a_failed_cell_does_not_run()
    {
        var dense = s_settings.DenseRun(9, []);
        var study = new Grid([dense, s_settings.Cell(9, [], [("pruning.policy", "epoch:3")], (dense, 3))]);
        var runner = new FakeRunner { Before = (_, _) => throw new CellFailedException("no") };
        var results = await RunAsync(study, runner);
        Assert.That(runner.Ran, Is.EqualTo(new[] { dense.Id }));
        Assert.That(
            results.Failed.Select(f => f.Error),
            Is.EqualTo(new[] { "no", $"it starts from the run {dense.Id}, which has no result" }));
    }

    private Task<CellResults> RunAsync(
        IStudy study,
        ICellRunner runner,
        int parallel = 2,
        CancellationToken cancellation = default,
        Func<double>? timeEpoch = null) =>
        new StudyRunner(_folder.Path, new CellCheck(s_settings.Images), runner, parallel, _said.Add)
        {
            TimeEpoch = timeEpoch,
        }.RunAsync(study, cancellation);

    private static Cell[] Cells(int count) => [.. Enumerable.Range(1, count).Select(i => Cell(i))];

    private static Cell Cell(int seed, params (string Path, string Value)[] changes) =>
        s_settings.Cell(seed, [], changes);

    private sealed class Grid(Cell[] cells, Func<CellResults, Cell[]>? more = null) : IStudy
    {
        public Cell[] All => cells;

        public string Name => "grid";

        public IReadOnlyList<CsvColumn> Columns => [];

        public IEnumerable<Cell> Cells(CellResults results) => [.. cells, .. more?.Invoke(results) ?? []];

        public StudyPage Page(CellResults results) => new("", "", [], []);
    }

    private sealed class FakeRunner : ICellRunner
    {
        public List<string> Ran { get; } = [];

        public Action<Cell, CellFolder>? Before { get; init; }

        public CellResult? Result { get; init; } = new()
        {
            Validation = 0.4,
            Test = 0.5,
            TestImages = 10,
            Epochs = 3,
            PrunedAt = null,
            Reason = null,
            Parameters = 1,
            Macs = 1,
            LatencyMs = null,
            MacEpochs = 3,
            Seconds = 1,
            CompactEpochSeconds = null,
            WallSeconds = 1,
            Widths = new Dictionary<string, int>(),
            Machine = "a machine",
        };

        public Task RunAsync(Cell cell, CellFolder folder, CancellationToken cancellation)
        {
            lock (Ran)
            {
                Ran.Add(cell.Id);
            }

            Before?.Invoke(cell, folder);
            cancellation.ThrowIfCancellationRequested();
            if (Result is not null)
            {
                folder.Complete(Result);
            }

            return Task.CompletedTask;
        }
    }
}
