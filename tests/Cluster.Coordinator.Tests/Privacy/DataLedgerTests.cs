using Cluster.Coordinator.Privacy;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests.Privacy;

/// <summary>What is spent of data is spent for all who use it, whatever they call it.</summary>
public sealed class DataLedgerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-ledger");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_run_on_the_same_data_goes_on_from_what_was_spent(bool inFile)
    {
        IDataLedger ledger = Open(inFile);
        PrivacyPlan plan = Plan();
        ledger.Enter(Spending("data", "first", 100, plan)).ShouldBeEmpty();

        IReadOnlyList<PrivacyEntry> others = Reopen(ledger).Enter(Spending("data", "second", 50, plan));

        others.ShouldBe([new PrivacyEntry(plan.SampleRate, plan.NoiseMultiplier, 100)]);
        Spending("data", "second", 50, plan).EpsilonWith(others, 50).ShouldBe(plan.EpsilonAfter(150), 1e-9);
        ledger.Enter(Spending("other data", "third", 50, plan)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_run_that_is_repeated_or_resumed_spends_nothing_twice(bool inFile)
    {
        IDataLedger ledger = Open(inFile);
        foreach (long steps in new[] { 0, 100, 256, 100, 0 }) Reopen(ledger).Enter(Spending("data", "first", steps, Plan())).ShouldBeEmpty();

        ledger.Enter(Spending("data", "second", 1, Plan())).Single().Steps.ShouldBe(256);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_would_pass_the_budget_of_the_data_is_refused_before_it_begins_and_not_entered(bool inFile)
    {
        IDataLedger ledger = Open(inFile);
        PrivacyPlan plan = Plan(", target-epsilon: 4");
        ledger.Enter(Spending("data", "first", plan.StepsAllowed, plan));

        string told = Should.Throw<BadInputException>(() => ledger.Enter(Spending("data", "second", 0, plan))).Message;

        told.ShouldStartWith("job: wanted privacy.target-epsilon of at least");
        told.ShouldContain("got 4, of which 1 other run has spent");
        ledger.Enter(Spending("data", "third", 10, Plan())).ShouldHaveSingleItem();
        ledger.Enter(Spending("data", "first", plan.StepsAllowed, Plan())).ShouldHaveSingleItem();
    }

    [Fact]
    public void Folds_count_each_row_as_often_as_it_is_trained_on()
    {
        PrivacyPlan plan = Plan();
        DataSpending folds = new("data", "folds", "job", 30, plan, Trainings: 4);

        folds.Entry.Steps.ShouldBe(120);
        folds.EpsilonWith([], 30).ShouldBe(plan.EpsilonAfter(120), 1e-9);
    }

    [Fact]
    public void The_file_is_its_owner_s_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        Open(inFile: true).Enter(Spending("data", "run", 1, Plan()));

        string path = Path.Combine(_folder.FullName, "state", "ledger.db");
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(path)!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Data_is_known_by_its_contents()
    {
        string Source(string name, string text)
        {
            string path = Path.Combine(_folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return SourceIdentity.Of(Job(source: path).Data);
        }

        string one = Source("a.csv", "a,target\n1,x\n");

        Source("elsewhere/b.csv", "a,target\n1,x\n").ShouldBe(one);
        Source("c.csv", "a,target\n2,x\n").ShouldNotBe(one);
    }

    private IDataLedger Open(bool inFile) => inFile ? DatabaseDataLedger.InFile(Path.Combine(_folder.FullName, "state", "ledger.db")) : new MemoryDataLedger();

    private IDataLedger Reopen(IDataLedger ledger) => ledger is DatabaseDataLedger ? Open(inFile: true) : ledger;

    private static DataSpending Spending(string data, string run, long steps, PrivacyPlan plan) => new(data, run, "job", steps, plan);

    private static PrivacyPlan Plan(string more = "") => PrivacyPlan.For(Job(more), 1000)!;

    private static JobSpec Job(string more = "", string source = "rows.csv") => JobFile.Parse(
        $"data: {{ source: '{source}', classes: [ x, y ] }}\nmodel: {{ kind: softmax }}\ntraining: {{ epochs: 20, batch: 64 }}\nprivacy: {{ noise: 1.1{more} }}\n", "job.yaml", "/");
}
